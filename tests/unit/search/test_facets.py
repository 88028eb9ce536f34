"""Facet counts against counting in plain Python."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from jolidrive.model.item import Item, Kind, Marks, Person, Place, Relation, StoredItem
from jolidrive.model.query import (
    And,
    Days,
    Everything,
    Field,
    FieldName,
    Not,
    Or,
    Query,
    Text,
    Word,
)
from jolidrive.model.result import FacetName, FacetValue
from jolidrive.search.facets import without_own
from jolidrive.search.searcher import Searcher, Wish
from jolidrive.store.index_document import people, tags, whole, whole_words
from tests.fake.plain_reading import reads, whole_values
from tests.fake.search_world import account, numbered, queries, stored_items

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_runs = count()
_FIELDS = {FacetName.KIND: FieldName.KIND, FacetName.TYPE: FieldName.TYPE}


def counted_values(  # noqa: PLR0911 - a table
    facet: FacetName, stored: StoredItem, service: str
) -> Iterable[str | None]:
    """The values (compared forms) an item has for a facet; None for none."""
    place = stored.item.place
    match facet:
        case FacetName.SERVICE:
            return [service]
        case FacetName.YEAR:
            return [stored.created_day[:4] if stored.created_day else None]
        case FacetName.PEOPLE:
            return list(people(stored.item)) or [None]
        case FacetName.TAG:
            return list(tags(stored)) or [None]
        case FacetName.PLACE:
            if place and whole_words(place.name or ""):
                return [whole_words(place.name or "")]
            return [] if place and place.lat is not None else [None]
        case FacetName.RELATION:
            held = whole_values(FieldName.IS, stored)
            return held & {"mine", "saved", "received"}
    return whole_values(_FIELDS[facet], stored) or [None]


def counted(facet: FacetName, matching: list[tuple[StoredItem, str]]) -> Counter[str | None]:
    """How many items have each value."""
    wanted: Counter[str | None] = Counter()
    for stored, service in matching:
        wanted.update(counted_values(facet, stored, service))
    if facet is not FacetName.PEOPLE:
        return wanted
    # A value that is shown counts what `with:` finds: names and handles alike, so also a handle
    # that elsewhere stands behind a name.
    for value in wanted:
        if value is not None:
            wanted[value] = sum(value in named(stored) for stored, _ in matching)
    return wanted


def named(stored: StoredItem) -> set[str]:
    told = (text for p in stored.item.people for text in (p.name, p.handle) if text)
    return {whole_words(text) for text in told}


def compared(facet: FacetName, value: str | None) -> str | None:
    if value is None:
        return None
    if facet in {FacetName.PEOPLE, FacetName.PLACE}:
        return whole_words(value)
    return whole(value) if facet is FacetName.TAG else value


@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    items=st.lists(st.lists(stored_items(), max_size=6), min_size=2, max_size=2),
    asked=st.lists(queries, min_size=5, max_size=10),
)
def test_facets_are_what_counting_gives(
    tmp_path: Path, items: list[list[StoredItem]], asked: list[Query]
) -> None:
    folder = tmp_path / str(next(_runs))
    held = {f"acc{i}": numbered(some) for i, some in enumerate(items)}
    accounts = [account(folder / id_, some, id_, f"svc{id_}") for id_, some in held.items()]
    searcher = Searcher(accounts, threads=1)
    try:
        for query in asked:
            found = searcher.find(query, Wish(facets=tuple(FacetName))).facets
            for facet in FacetName:
                reduced = without_own(query, facet)
                matching = [
                    (stored, f"svc{id_}")
                    for id_, some in held.items()
                    for stored in some
                    if reads(reduced, stored, account=id_, service=f"svc{id_}")
                ]
                wanted = counted(facet, matching)
                got = {compared(facet, v.value): v.count for v in found[facet]}
                assert got == dict(wanted), (query, facet)
    finally:
        searcher.close()


def _item(number: int, **given: object) -> StoredItem:
    marks = given.pop("marks", Marks())
    day = given.pop("day", None)
    item = Item(key=f"k{number}", kind=Kind.POST, title="sun", **given)  # type: ignore[arg-type]
    return StoredItem(number=number, seq=number, item=item, marks=marks, created_day=day)  # type: ignore[arg-type]


def _found(searcher: Searcher, query: Query, facet: FacetName) -> list[tuple[str | None, int]]:
    values = searcher.find(query, Wish(facets=(facet,))).facets[facet]
    return [(value.value, value.count) for value in values]


def test_a_facet_forgets_its_own_selection_only_at_the_top_level() -> None:
    photo = Field(FieldName.KIND, (Text("photo"),))
    word = Word("sun")
    assert without_own(photo, FacetName.KIND) == Everything()
    assert without_own(And((word, photo)), FacetName.KIND) == word
    assert without_own(And((word, Not(photo))), FacetName.KIND) == word
    assert without_own(And((word, photo)), FacetName.TYPE) == And((word, photo))
    inside = And((word, Or((photo, word))))
    assert without_own(inside, FacetName.KIND) == inside
    none = Not(Field(FieldName.HAS, (Text("tag"),)))
    assert without_own(And((word, none)), FacetName.TAG) == word
    year = Field(FieldName.DATE, (Days(date(2014, 1, 1), date(2014, 12, 31)),))
    assert without_own(year, FacetName.YEAR) == Everything()
    june = Field(FieldName.DATE, (Days(date(2014, 6, 1), date(2014, 6, 30)),))
    assert without_own(june, FacetName.YEAR) == june
    starred = Field(FieldName.IS, (Text("starred"),))
    assert without_own(starred, FacetName.RELATION) == starred


def test_spellings_are_joined_under_the_most_frequent_one(tmp_path: Path) -> None:
    items = [
        _item(1, tags=("Berlin",)),
        _item(2, tags=("berlin", "BERLIN")),
        _item(3, marks=Marks(tags=("Berlin",))),
        _item(4),
    ]
    searcher = Searcher([account(tmp_path, items)], threads=1)
    assert _found(searcher, Everything(), FacetName.TAG) == [("Berlin", 3), (None, 1)]
    found = searcher.find(Field(FieldName.TAG, (Text("BERLIN", exact=True),)), Wish())
    assert found.total == 3
    searcher.close()


def test_values_are_ordered_by_count_then_value_and_none_is_counted(tmp_path: Path) -> None:
    items = [
        _item(1, people=(Person(name="Ines"), Person(role="with", name="Bo"))),
        _item(2, people=(Person(name="Bo"),), day="2014-02-01"),
        _item(3, people=(Person(name="ada", handle="x"),), relations=(Relation.SAVED,)),
        _item(4, place=Place(lat=1.0, lon=2.0)),
    ]
    searcher = Searcher([account(tmp_path, items)], threads=1)
    people_ = _found(searcher, Everything(), FacetName.PEOPLE)
    assert people_ == [("Bo", 2), ("Ines", 1), ("ada", 1), (None, 1)]
    assert _found(searcher, Everything(), FacetName.YEAR) == [(None, 3), ("2014", 1)]
    assert _found(searcher, Everything(), FacetName.RELATION) == [("mine", 3), ("saved", 1)]
    assert _found(searcher, Everything(), FacetName.PLACE) == [(None, 3)]
    searcher.close()


@pytest.mark.parametrize("facet", list(FacetName))
def test_a_facet_of_nothing_is_empty(tmp_path: Path, facet: FacetName) -> None:
    searcher = Searcher([account(tmp_path, [_item(1)])], threads=1)
    found = searcher.find(Word("absent"), Wish(facets=(facet,)))
    assert found.facets == {facet: ()}
    assert found.total == 0
    assert FacetValue("x", 1) not in found.facets[facet]
    searcher.close()
