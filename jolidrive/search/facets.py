"""Counts beside the results: exact, over all accounts, each without its own selection.

A facet's own selection is its field at the top level of the query (excluded values and *none*
too): clicking `photo` must not make the other kinds disappear. So a facet is counted over the
query without that field; facets that need the same query are counted together, and the packed
value of `index_schema.FACETS` gives three of them at once.

Every value is asked of every index: the ten commonest of each, added up, are wrong.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from jolidrive.model.item import Relation
from jolidrive.model.query import And, Days, Everything, Field, FieldName, Not, Query, Text
from jolidrive.model.result import FacetName, FacetValue
from jolidrive.store import index_schema as to
from jolidrive.store.index_document import RELATION_WORDS, whole, whole_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import tantivy

_EVERY: Final = 65_000
"""More values than a packed field or the years can have."""

_FIELDS: Final = {
    FacetName.SERVICE: FieldName.SERVICE,
    FacetName.KIND: FieldName.KIND,
    FacetName.YEAR: FieldName.DATE,
    FacetName.TYPE: FieldName.TYPE,
    FacetName.PEOPLE: FieldName.WITH,
    FacetName.PLACE: FieldName.PLACE,
    FacetName.TAG: FieldName.TAG,
    FacetName.RELATION: FieldName.IS,
}
_RELATIONS: Final = frozenset(RELATION_WORDS[relation] for relation in Relation)
_PACKED: Final = (FacetName.KIND, FacetName.TYPE, FacetName.RELATION)
_NAMED: Final[Mapping[FacetName, tuple[str, Callable[[str], str]]]] = {
    FacetName.PEOPLE: (to.PEOPLE_OF, whole_words),
    FacetName.PLACE: (to.PLACE_OF, whole_words),
    FacetName.TAG: (to.TAG_OF, whole),
}
_LETTERS: Final = tuple(letter for letter, _ in _NAMED.values())

Counts = dict[FacetName, Counter[str]]
"""For each facet, how many items have each value; `index_schema.NONE` for no value."""


def own_selection(part: Query, facet: FacetName) -> bool:
    """Whether a part of the top level is what the facet itself selects or excludes."""
    field = part.part if isinstance(part, Not) else part
    if not isinstance(field, Field):
        return False
    if field.name is FieldName.HAS:
        texts = [value.text for value in field.values if isinstance(value, Text)]
        return bool(texts) and {whole(text) for text in texts} == {facet.value}
    if field.name is not _FIELDS[facet]:
        return False
    if facet is FacetName.YEAR:
        return all(_whole_years(value) for value in field.values)
    if facet is FacetName.RELATION:
        return all(
            isinstance(value, Text) and whole(value.text) in _RELATIONS
            for value in field.values
        )
    return True


def without_own(query: Query, facet: FacetName) -> Query:
    """The query a facet is counted over."""
    parts = query.parts if isinstance(query, And) else (query,)
    kept = tuple(part for part in parts if not own_selection(part, facet))
    if len(kept) == len(parts):
        return query
    if not kept:
        return Everything()
    return kept[0] if len(kept) == 1 else And(kept)


def plan(query: Query, facets: Iterable[FacetName]) -> dict[Query, list[FacetName]]:
    """Which queries are to be counted, and which facets by each; the query itself is first."""
    planned: dict[Query, list[FacetName]] = {query: []}
    for facet in dict.fromkeys(facets):
        planned.setdefault(without_own(query, facet), []).append(facet)
    return planned


def count(
    searcher: tantivy.Searcher,
    query: tantivy.Query,
    facets: Sequence[FacetName],
    service: str,
    *,
    broad: bool = True,
) -> tuple[Counts, int]:
    """Counts facets over one index, and the items that match.

    `broad` chooses how and changes no answer: true where a large part of the index may match.
    """
    counts: Counts = {facet: Counter() for facet in facets}
    values = _walked(searcher, query) if broad else _column(searcher, query)
    faces = {name[1:]: held for name, held in values.items() if name[0] == to.FACE_OF}
    total = sum(faces.values())
    if not total:
        return counts, 0
    _unpack(faces, counts)
    if FacetName.YEAR in counts:
        years = {name[1:]: held for name, held in values.items() if name[0] == to.YEAR_OF}
        counts[FacetName.YEAR].update(years)
    if FacetName.SERVICE in counts:
        counts[FacetName.SERVICE][service] = total
    _name(
        searcher,
        query,
        {_NAMED[facet][0]: facet for facet in facets if facet in _NAMED},
        counts,
    )
    return counts, total


def _walked(searcher: tantivy.Searcher, query: tantivy.Query) -> dict[str, int]:
    """Every value by its posting list: the same time however many items match."""
    return dict(searcher.terms_with_prefix(to.FACETS, "", query))


def _column(searcher: tantivy.Searcher, query: tantivy.Query) -> dict[str, int]:
    """Every value by reading the matching items' columns: a time that grows with them."""
    terms = {"field": to.FACETS, "size": _EVERY, "segment_size": _EVERY}
    answer: Mapping[str, Any] = searcher.aggregate(query, {to.FACETS: {"terms": terms}})
    return {bucket["key"]: int(bucket["doc_count"]) for bucket in answer[to.FACETS]["buckets"]}


def _name(
    searcher: tantivy.Searcher,
    query: tantivy.Query,
    wanted: Mapping[str, FacetName],
    counts: Counts,
) -> None:
    """People, places and tags out of their dictionary, one walk for all that are wanted."""
    if not wanted:
        return
    begin = next(iter(wanted)) if len(wanted) == 1 else ""
    parts: dict[str, dict[str, int]] = {letter: {} for letter in _LETTERS}
    for name, holding in searcher.terms_with_prefix(to.NAMED, begin, query):
        parts[name[0]][name[1:]] = holding
    for letter, facet in wanted.items():
        counts[facet].update(parts[letter])


def _unpack(faces: Mapping[str, int], counts: Counts) -> None:
    """Kind, type and relations out of their packed value; an item may have two relations."""
    packed = [(i, counts[name]) for i, name in enumerate(_PACKED) if name in counts]
    for face, holding in faces.items() if packed else ():
        parts = face.split("|")
        for i, values in packed:
            for value in parts[i].split(","):
                values[value] += holding


def joined(
    parts: Iterable[Counts], facets: Iterable[FacetName]
) -> dict[FacetName, tuple[FacetValue, ...]]:
    """Adds up what the indexes counted, by falling count, then value."""
    sums: Counts = {facet: Counter() for facet in facets}
    for part in parts:
        for facet, values in part.items():
            sums[facet].update(values)
    return {facet: _listed(facet, values) for facet, values in sums.items()}


def _listed(facet: FacetName, values: Counter[str]) -> tuple[FacetValue, ...]:
    none = values.pop(to.NONE, 0)
    if facet in _NAMED:
        handles = {value: values.pop(value) for value in list(values) if value[0] == to.HANDLE}
        values = _one_spelling(values, _NAMED[facet][1])
        _add_handles(values, handles)
    found = [FacetValue(value, holding) for value, holding in values.items() if holding]
    if none:
        found.append(FacetValue(None, none))
    return tuple(
        sorted(found, key=lambda value: (-value.count, value.value is None, value.value or ""))
    )


def _add_handles(values: Counter[str], handles: Mapping[str, int]) -> None:
    """A handle shown for want of a name also counts where its person has one (`with:`)."""
    shown = {whole_words(value): value for value in values} if handles else {}
    for handle, holding in handles.items():
        value = shown.get(whole_words(handle[1:]))
        if value is not None:
            values[value] += holding


def _one_spelling(values: Counter[str], compared: Callable[[str], str]) -> Counter[str]:
    """Joins what is compared as the same, under its most frequent spelling."""
    shown: dict[str, tuple[int, str]] = {}
    sums: Counter[str] = Counter()
    for spelling, holding in values.items():
        key = compared(spelling)
        sums[key] += holding
        known = shown.get(key)
        if known is None or (-holding, spelling) < (-known[0], known[1]):
            shown[key] = (holding, spelling)
    return Counter({shown[key][1]: holding for key, holding in sums.items()})


def _whole_years(value: object) -> bool:
    if not isinstance(value, Days) or value.first is None or value.last is None:
        return False
    first, last = value.first, value.last
    return (first.month, first.day) == (1, 1) and (last.month, last.day) == (12, 31)
