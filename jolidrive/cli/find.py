"""Verbs that look at items: search, show, mark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from jolidrive.model.query import Sort
from jolidrive.model.result import DEFAULT_FACETS, FacetName

from .output import item_json, marks_json, page_json, print_json, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jolidrive.model.result import ResultPage

    from .context import Call

_MOST_SHOWN: Final = 2_000
_DEFAULT: Final = ",".join(name.value for name in DEFAULT_FACETS)


def _facets(_context: click.Context, _option: click.Parameter, value: str | None) -> list[str]:
    names = [name.strip() for name in value.split(",") if name.strip()] if value else []
    unknown = [name for name in names if name not in set(FacetName)]
    if unknown:
        known = ", ".join(name.value for name in FacetName)
        raise click.BadParameter(f"{', '.join(unknown)}: no such facet. Known: {known}")
    return names


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("query", nargs=-1)
@click.option(
    "--sort", type=click.Choice([s.value for s in Sort]), default="best", show_default=True
)
@click.option("--limit", type=click.IntRange(0, 10_000), default=50, show_default=True)
@click.option("--offset", type=click.IntRange(0), default=0)
@click.option(
    "--facets",
    is_flag=False,
    flag_value=_DEFAULT,
    callback=_facets,
    help=f"Counts beside the results; alone: {_DEFAULT}.",
)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def search(
    call: Call,
    query: Sequence[str],
    sort: str,
    limit: int,
    offset: int,
    facets: list[str],
    as_json: bool,
) -> None:
    """Finds items. All words must match; `kind:photo date:2014 -tag:work` filters."""
    with call.drive() as drive:
        page = drive.search(
            " ".join(query), sort=sort, limit=limit, offset=offset, facets=facets
        )
        if as_json:
            print_json(page_json(page))
        else:
            _print_page(page)


def _print_page(page: ResultPage) -> None:
    for hint in page.hints:
        say(hint.text)
    print(f"{page.total:,} items")
    for hit in page.hits:
        day = f"{hit.created_at:%Y-%m-%d}" if hit.created_at else "          "
        print(f"{day}  {hit.kind.value:<8}  {hit.title}")
        print(f"            {hit.service} {hit.account} {hit.key}")
        if hit.excerpt:
            print(f"            {' '.join(hit.excerpt.split())}")
    for name, values in page.facets.items():
        shown = ", ".join(f"{v.value or 'none'} {v.count:,}" for v in values[:12])
        print(f"{name.value}: {shown}")


@click.command()
@click.argument("account")
@click.argument("key")
@click.option("--raw", is_flag=True, help="The service's own reply for this item.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def show(call: Call, account: str, key: str, raw: bool, as_json: bool) -> None:
    """Every field of one item."""
    with call.drive() as drive:
        stored = drive.item(account, key)
        values = item_json(account, drive.service_of(account), stored)
        if raw:
            values["raw"] = drive.raw(account, key)
    if as_json or raw:
        print_json(values)
        return
    for name, value in values.items():
        if value not in (None, "", [], {}):
            print(f"{name}: {_shortened(str(value))}")


def _shortened(text: str) -> str:
    """A whole book is nothing for a terminal."""
    if len(text) <= _MOST_SHOWN:
        return text
    return f"{text[:_MOST_SHOWN]}… ({len(text):,} characters; --json shows all)"


@click.command()
@click.argument("account")
@click.argument("key")
@click.option("--star/--no-star", "star", default=None, help="Add or take away the star.")
@click.option("--tag", "tags", multiple=True, help="Add a tag (may be given again).")
@click.option("--untag", "untags", multiple=True, help="Take a tag of yours away.")
@click.option("--note", help="Your note; an empty one takes it away.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def mark(
    call: Call,
    account: str,
    key: str,
    star: bool | None,
    tags: Sequence[str],
    untags: Sequence[str],
    note: str | None,
    as_json: bool,
) -> None:
    """Adds your own star, tags and note to an item. They stay here, with its account."""
    with call.drive() as drive:
        marks = drive.mark(
            account, key, starred=star, add_tags=tags, remove_tags=untags, note=note
        )
    if as_json:
        print_json(marks_json(account, key, marks))
        return
    print("starred" if marks.starred else "not starred")
    if marks.tags:
        print("tags: " + ", ".join(marks.tags))
    if marks.note:
        print("note: " + marks.note)


VERBS: Final = (search, show, mark)
