"""A click on a facet's value gives exactly as many items as the facet says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jolidrive.model.item import Item, Kind, Marks, Person, Place, Relation, StoredItem
from jolidrive.model.result import FacetName
from jolidrive.search.edit import FacetMode, facet_modes, under_shown_names, with_facet
from jolidrive.search.searcher import Searcher, Wish
from tests.fake.search_world import account

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NAMES = ["Inês", "ines", "Ines Castro", "🌸", "O’Brien", "王小明", "—", '"', "a, b"]
TAGS = ["say “hi”", "say hi", "«foo»", "foo", '"', "🌸", "a,b", "C++", "c", "(x)", "-y", "OR"]


def _item(number: int) -> StoredItem:
    name = NAMES[number % len(NAMES)]
    people = [
        (),
        (Person(name=name, handle=f"u{number % 3}@otter.example"),),
        (Person(role="with", handle=f"u{number % 4}@otter.example"), Person(name=name)),
    ][number % 3]
    tags = (TAGS[number % len(TAGS)], TAGS[number // 2 % len(TAGS)])
    located = {"lat": 1.0, "lon": 2.0} if number % 5 == 0 else {}
    item = Item(
        key=f"k{number}",
        kind=list(Kind)[number % 4],
        title=f"sun {number}",
        people=people,
        tags=tags if number % 4 else (),
        place=Place(name=NAMES[number % 7] if number % 4 else None, **located),
        relations=(Relation.SAVED, Relation.MADE)[: number % 3],
        size=number if number % 2 else None,
        mime=["image/jpeg", "text/plain", None][number % 3],
    )
    marks = Marks(tags=(TAGS[number % 5],) if number % 6 == 0 else ())
    year = f"{2014 + number % 3}-01-02" if number % 3 else None
    return StoredItem(number=number, seq=number, item=item, marks=marks, created_day=year)


@pytest.fixture(name="searcher", scope="module")
def a_searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    folder: Path = tmp_path_factory.mktemp("drill")
    accounts = [
        account(folder / name, [_item(n) for n in numbers], name, f"service-{name}")
        for name, numbers in {"one": range(1, 120), "two": range(120, 150)}.items()
    ]
    searcher = Searcher(accounts, threads=1)
    yield searcher
    searcher.close()


@pytest.mark.parametrize("facet", FacetName)
@pytest.mark.parametrize("text", ["", "sun ", "kind:photo,video -tag:foo "])
def test_every_value_clicked_gives_its_count_and_excluded_the_rest(
    searcher: Searcher, facet: FacetName, text: str
) -> None:
    # The facet is counted without its own selection, so the other facets make the query.
    text = "" if f"{facet}:" in text else text
    page = searcher.search(text, Wish(limit=0, facets=(facet,)))
    assert page.facets[facet]
    for value in page.facets[facet]:
        clicked = with_facet(text, facet, value.value, FacetMode.INCLUDE)
        refused = with_facet(text, facet, value.value, FacetMode.EXCLUDE)
        found = searcher.search(clicked, Wish(limit=0))
        assert (found.total, found.hints) == (value.count, ()), clicked
        left = searcher.search(refused, Wish(limit=0))
        assert (left.total, left.hints) == (page.total - value.count, ()), refused
        shown = [one.value for one in page.facets[facet]]
        for written, mode in ((clicked, FacetMode.INCLUDE), (refused, FacetMode.EXCLUDE)):
            told = under_shown_names(facet, facet_modes(written, facet), shown)
            assert told[value.value] is mode, written


@pytest.mark.parametrize(
    ("facet", "text", "shown"),
    [
        (
            FacetName.TAG,
            "tag:hike,HÍKING",
            {"Hike": FacetMode.INCLUDE, "hiking": FacetMode.INCLUDE},
        ),
        (FacetName.PEOPLE, '-with:"ines castro"', {"Inês Castro": FacetMode.EXCLUDE}),
        (FacetName.TYPE, "type:.JPEG", {"jpg": FacetMode.INCLUDE}),
        (
            FacetName.TAG,
            "tag:other -has:tag",
            {"other": FacetMode.INCLUDE, None: FacetMode.INCLUDE},
        ),
    ],
)
def test_a_choice_typed_otherwise_is_seen_at_the_value_shown(
    facet: FacetName, text: str, shown: dict[str | None, FacetMode]
) -> None:
    values = ["Hike", "hiking", "Inês Castro", "jpg", None]
    assert under_shown_names(facet, facet_modes(text, facet), values) == shown


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("has:size ", lambda s: s.item.size is not None),
        ("has:date ", lambda s: s.created_day is not None),
        ("-has:date ", lambda s: s.created_day is None),
        ('with:"🌸" ', lambda s: any(p.name == "🌸" for p in s.item.people)),
        ('from:"🌸" ', lambda s: any(p.name == "🌸" for p in s.item.people)),
    ],
)
def test_what_an_item_has_or_is_called_is_found(
    searcher: Searcher, text: str, kept: Callable[[StoredItem], bool]
) -> None:
    found = searcher.search(text, Wish(limit=200))
    assert {hit.key for hit in found.hits} == {f"k{n}" for n in range(1, 150) if kept(_item(n))}
    assert found.hints == ()
