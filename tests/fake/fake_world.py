"""What the window's fake drive holds: services and believable items."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from jolidrive.model.item import Item, Kind, Marks, Person, Place, Relation, StoredItem
from jolidrive.model.overview import (
    HostUse,
    OptionField,
    ServiceEntry,
    ServiceNeeds,
    ServiceState,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


NOW = datetime(2026, 11, 21, 14, 32, tzinfo=UTC)
_TITLES = (
    ("photo", "Above Fuente Dé, Picos de Europa", "Fuente Dé, Cantabria, Spain", "hike summit"),
    ("photo", "Picos ridge from the hut", "Fuente Dé, Cantabria, Spain", "hike"),
    ("photo", "Stream below Sotres", "Sotres, Spain", "hike"),
    ("document", "Picos route notes.pdf", "", "hike"),
    ("photo", "Figs, market in Potes", "Potes, Spain", "food"),
    ("post", "Rear mech finally sorted", "", ""),
    ("photo", "Last light over Liébana", "Potes, Spain", ""),
    ("link", "Picos huts, opening times", "", "hike"),
    ("document", "Bike repair, invoice 2026-118.pdf", "", "bills"),
    ("event", "Bike repair café", "Bristol", ""),
    ("photo", "First coffee off the ferry", "Santander, Spain", "ferry food"),
    ("music", "Norwegian Wood", "", ""),
    ("video", "Wildlife park", "Bristol", "animals"),
    ("activity", "You boosted a post", "", ""),
    ("photo", "北京の夜 Night walk", "Beijing", ""),
    ("person", "Inès Moreau", "", ""),
    ("place", "Mirador del Cable", "Fuente Dé, Cantabria, Spain", "summit"),
    ("photo", "Dahlia, back garden", "Bristol", "garden"),
)
_MIMES = {
    Kind.PHOTO: "image/jpeg",
    Kind.DOCUMENT: "application/pdf",
    Kind.VIDEO: "video/mp4",
    Kind.MUSIC: "audio/mpeg",
}
_TEXT = (
    "Full service, rear wheel trued, chain and cassette replaced. The bike repair stand comes "
    "from Tom; Maya brings the map of the Picos for the week after."
)


def picture(seed: int, side: int = 320) -> bytes:
    """A small drawn landscape, another one for each number."""
    sky, hill = (seed * 53 % 80 + 120, 160 + seed * 31 % 60, 225), seed * 67 % 120 + 40
    image = Image.new("RGB", (side, side * 3 // 4), sky)
    draw = ImageDraw.Draw(image)
    wide, high = image.size
    for layer in range(4):
        top = high * (35 + layer * 15) // 100
        points = [(0, high), (0, top)]
        for step in range(7):
            bump = (seed * 7919 + layer * 104729 + step * 31337) % (high // 4)
            points.append((wide * step // 6, top + bump - high // 8))
        points += [(wide, high)]
        shade = max(0, hill - layer * 25)
        draw.polygon(points, fill=(shade, min(255, shade + 30 - layer * 4), shade // 2))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def service(
    name: str,
    group: str = "files",
    kinds: Iterable[Kind] = (Kind.PHOTO, Kind.DOCUMENT),
    *,
    flow: str = "code",
    needs: ServiceNeeds = ServiceNeeds.NOTHING,
    hosts: tuple[str, ...] = (),
    options: tuple[OptionField, ...] = (),
    state: ServiceState = ServiceState.READY,
) -> ServiceEntry:
    """A directory entry."""
    key = name.lower().replace(" ", "_").replace(".", "")
    what = {
        Kind.POST: "Yours, and those you bookmarked",
        Kind.PHOTO: "Pictures, with their places",
        Kind.ACTIVITY: "Likes and boosts",
        Kind.DOCUMENT: "Files with names, folders and dates",
        Kind.LINK: "Pages that you shared",
    }
    return ServiceEntry(
        id=key,
        name=name,
        summary=f"Your things at {name}",
        group=group,
        state=state,
        needs=needs,
        kinds={kind: what.get(kind, "") for kind in kinds},
        flow=flow,
        hosts=tuple(
            HostUse(host=host, signed_in=at == 0)
            for at, host in enumerate(hosts or (f"api.{key}.example", f"cdn.{key}.example"))
        ),
        reasons=("Read what you have there.",),
        stays_out="Direct messages, your password, other people’s private posts.",
        options=options,
        problems=("Its manifest names no entry.",) if state is ServiceState.BROKEN else (),
    )


SERVICES = (
    service("Nextcloud", "files", (Kind.PHOTO, Kind.VIDEO, Kind.MUSIC, Kind.DOCUMENT)),
    service(
        "WebDAV server",
        "files",
        flow="password",
        hosts=("{server}",),
        options=(
            OptionField(name="server", label="Address", type="address"),
            OptionField(name="user", label="User"),
            OptionField(name="password", label="App password", secret=True),
        ),
    ),
    service("Dropbox", "files", needs=ServiceNeeds.OWN_KEY),
    service("Mastodon", "social", (Kind.POST, Kind.PHOTO, Kind.ACTIVITY, Kind.LINK)),
    service("Instagram", "social", (Kind.PHOTO, Kind.POST), needs=ServiceNeeds.EXPORT_FILE),
    service("Flickr", "photos", (Kind.PHOTO, Kind.VIDEO, Kind.PLACE)),
    service("Photo frames", "photos", (Kind.PHOTO,), state=ServiceState.BROKEN),
    service("Last.fm", "music", (Kind.MUSIC,), needs=ServiceNeeds.OWN_KEY),
    service("JSON Lines file", "other", tuple(Kind), flow="none"),
)


def some_items(count: int = 60) -> list[StoredItem]:
    """Believable items of many kinds, newest first."""
    made = []
    for number in range(count):
        kind, title, place, tags = _TITLES[number % len(_TITLES)]
        at = datetime(2026, 11, 18, 17, 5, tzinfo=UTC) - timedelta(
            days=number * 61 + number % 3
        )
        mime = _MIMES.get(Kind(kind))
        again = f" {number // len(_TITLES) + 1}" if number >= len(_TITLES) else ""
        item = Item(
            key=f"k{number}",
            kind=Kind(kind),
            title=title.replace(".pdf", f"{again}.pdf") if ".pdf" in title else title + again,
            text=_TEXT if kind in ("post", "document", "event", "activity") else "",
            url=f"https://example.org/{number}",
            people=(Person(role="with", name=("Maya", "Tom", "Inès")[number % 3]),),
            relations=(Relation.SAVED,) if number % 4 == 0 else (Relation.MADE,),
            created_at=at,
            folder=f"{'Photos' if kind == 'photo' else 'Household'}/{at.year}",
            mime=mime,
            size=84_000 + number * 61_000 if mime else None,
            width=3264 if kind == "photo" else None,
            height=2448 if kind == "photo" else None,
            place=Place(lat=43.1, lon=-4.8, name=place) if place else None,
            tags=tuple(tags.split()),
            has_content=bool(mime),
        )
        made.append(
            StoredItem(
                number=number,
                item=item,
                created_day=at.date().isoformat(),
                marks=Marks(starred=number % 6 == 0, note="For the hall." * (number == 0)),
                has_thumbnail=kind in ("photo", "video"),
                seq=number,
            )
        )
    return made
