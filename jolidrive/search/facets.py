"""Counts beside the results: exact, over all accounts, each without its own selection.

A facet's own selection is its field at the top level of the query (excluded values and *none*
too): clicking `photo` must not make the other kinds disappear. So a facet is counted over the
query without that field; facets that need the same query are counted together, and the packed
value of `index_schema.FACE` gives three of them at once.

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
    FacetName.PEOPLE: (to.PEOPLE_NAMED, whole_words),
    FacetName.PLACE: (to.PLACE_NAMED, whole_words),
    FacetName.TAG: (to.TAG_NAMED, whole),
}

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
) -> tuple[Counts, int]:
    """Counts facets over one index, and the items that match."""
    counts: Counts = {facet: Counter() for facet in facets}
    columns = [to.FACE, *([to.YEAR] if FacetName.YEAR in counts else [])]
    wanted = {
        name: {"terms": {"field": name, "size": _EVERY, "segment_size": _EVERY}}
        for name in columns
    }
    answer = searcher.aggregate(query, wanted)
    faces = _buckets(answer, to.FACE)
    total = sum(faces.values())
    if not total:
        return counts, 0
    _unpack(faces, counts)
    if FacetName.YEAR in counts:
        counts[FacetName.YEAR].update(_buckets(answer, to.YEAR))
    if FacetName.SERVICE in counts:
        counts[FacetName.SERVICE][service] = total
    for facet, (field, _) in _NAMED.items():
        if facet in counts:
            counts[facet].update(dict(searcher.terms_with_prefix(field, "", query)))
    return counts, total


def _buckets(answer: Mapping[str, Any], column: str) -> dict[str, int]:
    return {bucket["key"]: int(bucket["doc_count"]) for bucket in answer[column]["buckets"]}


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
        values = _one_spelling(values, _NAMED[facet][1])
    found = [FacetValue(value, holding) for value, holding in values.items() if holding]
    if none:
        found.append(FacetValue(None, none))
    return tuple(
        sorted(found, key=lambda value: (-value.count, value.value is None, value.value or ""))
    )


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
