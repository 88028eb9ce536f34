"""One status → the items in it: the post or boost, its media, the page it links to.

Everything in a status is untrusted. What hangs on a post is an item of its own, so that a
picture is found as a picture; it has the post's relation and goes when the post goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from jolidrive.api import Item, Json, Kind, Person, Relation, plain_text

from .records import (
    address_of,
    as_record,
    count_of,
    date_of,
    number_of,
    records_of,
    text_of,
)

if TYPE_CHECKING:
    from .records import Record

TITLE: Final = 120
_MEDIA: Final = {
    "image": Kind.PHOTO,
    "gifv": Kind.VIDEO,
    "video": Kind.VIDEO,
    "audio": Kind.MUSIC,
}
_REACTIONS: Final = {
    "favourites_count": "likes",
    "reblogs_count": "shares",
    "replies_count": "comments",
}


def items_of(status: Record, relation: Relation, server: str) -> list[Item]:
    """The items of a status; none when it has no id or no author."""
    host = urlsplit(server).netloc
    if not text_of(status, "id") or not text_of(as_record(status.get("account")), "acct"):
        return []
    if isinstance(status.get("reblog"), dict):
        return [_boost(status, as_record(status["reblog"]), host)]
    post = _post(status, relation, host)
    return [post, *_media(status, post, host), *_card(status, post, host)]


def _post(status: Record, relation: Relation, host: str) -> Item:
    text = _text(status)
    return Item(
        key=text_of(status, "id"),
        kind=Kind.POST,
        title=_title(text) or "Post without words",
        text=text,
        url=address_of(status, "url") or address_of(status, "uri"),
        people=(_author(status, host), *_mentioned(status, host)),
        relations=(relation,),
        created_at=date_of(status, "created_at"),
        changed_at=date_of(status, "edited_at"),
        tags=_tags(status),
        reactions=_reactions(status),
        visibility=text_of(status, "visibility") or None,
        raw=status,
        extra=_extra(status),
    )


def _boost(status: Record, boosted: Record, host: str) -> Item:
    author = _author(boosted, host, role="by")
    text = _text(boosted)
    return Item(
        key=text_of(status, "id"),
        kind=Kind.ACTIVITY,
        title=f"Boosted {author.name or author.handle}: {_title(text)}".rstrip(": "),
        text=text,
        url=address_of(boosted, "url") or address_of(boosted, "uri"),
        people=(_author(status, host), author),
        relations=(Relation.MADE,),
        created_at=date_of(status, "created_at"),
        tags=_tags(boosted),
        reactions=_reactions(boosted),
        visibility=text_of(status, "visibility") or None,
        raw=status,
        extra=_extra(boosted),
    )


def _media(status: Record, post: Item, host: str) -> list[Item]:
    """Pictures, videos and recordings; those of an unknown type lie elsewhere and stay out."""
    found: list[Item] = []
    for attachment in records_of(status, "media_attachments"):
        number = text_of(attachment, "id")
        kind = _MEDIA.get(text_of(attachment, "type"))
        if not number or kind is None:
            continue
        told = text_of(attachment, "description")
        measured = as_record(as_record(attachment.get("meta")).get("original"))
        preview = address_of(attachment, "preview_url")
        found.append(
            Item(
                key=f"media:{number}",
                kind=kind,
                title=_title(told) or post.title,
                text=told,
                url=address_of(attachment, "url") or post.url,
                people=post.people[:1],
                relations=post.relations,
                created_at=post.created_at,
                width=count_of(measured, "width") or None,
                height=count_of(measured, "height") or None,
                duration_s=number_of(measured, "duration"),
                tags=post.tags,
                visibility=post.visibility,
                thumbnail=preview if preview and urlsplit(preview).netloc == host else None,
                raw=attachment,
                extra={"post": post.url or post.key},
            )
        )
    return found


def _card(status: Record, post: Item, host: str) -> list[Item]:
    """The page a post links to. Its key is the post's, for two posts may link to one page."""
    card = as_record(status.get("card"))
    address = address_of(card, "url")
    if address is None or urlsplit(address).netloc == host:
        return []
    words = text_of(card, "description")
    return [
        Item(
            key=f"link:{post.key}",
            kind=Kind.LINK,
            title=text_of(card, "title") or address,
            text=words,
            url=address,
            people=post.people[:1],
            relations=post.relations,
            created_at=post.created_at,
            visibility=post.visibility,
            raw=card,
            extra={"post": post.url or post.key},
        )
    ]


def _text(status: Record) -> str:
    """The words of a post: its warning, its text, the choices of its poll."""
    poll = as_record(status.get("poll"))
    parts = [
        text_of(status, "spoiler_text").strip(),
        plain_text(text_of(status, "content")),
        *(f"• {text_of(choice, 'title')}" for choice in records_of(poll, "options")),
    ]
    return "\n".join(part for part in parts if part)


def _title(text: str) -> str:
    """The first line, cut at a word."""
    first = text.partition("\n")[0].strip()
    if len(first) <= TITLE:
        return first
    cut = first[:TITLE].rpartition(" ")[0] or first[:TITLE]
    return f"{cut}…"


def _author(status: Record, host: str, role: str = "author") -> Person:
    account = as_record(status.get("account"))
    handle = text_of(account, "acct")
    if handle and "@" not in handle:
        handle = f"{handle}@{host}"
    name = text_of(account, "display_name") or text_of(account, "username") or handle
    return Person(role=role, name=name, handle=handle or None)


def _mentioned(status: Record, host: str) -> tuple[Person, ...]:
    people: list[Person] = []
    for mention in records_of(status, "mentions"):
        handle = text_of(mention, "acct")
        if handle:
            whole = handle if "@" in handle else f"{handle}@{host}"
            name = text_of(mention, "username")
            people.append(Person(role="mentioned", name=name, handle=whole))
    return tuple(people)


def _tags(status: Record) -> tuple[str, ...]:
    return tuple(name for tag in records_of(status, "tags") if (name := text_of(tag, "name")))


def _reactions(status: Record) -> dict[str, int]:
    return {
        name: count for field, name in _REACTIONS.items() if (count := count_of(status, field))
    }


def _extra(status: Record) -> dict[str, Json]:
    fields = ("language", "uri", "in_reply_to_id")
    return {name: value for name in fields if (value := text_of(status, name))}
