"""Everything within a circle on the earth, exactly, out of ranges of degrees.

Question: how does an index that knows only ranges answer a circle? The circle is cut into
strips of latitude. In each strip one box lies wholly inside the circle, and a wider one holds
all of it: items in the inner boxes are taken as they are, and only the few between inner and
outer boxes (about a tenth with eight strips) are measured one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import acos, asin, cos, degrees, pi, radians, sin
from typing import TYPE_CHECKING, Final

import tantivy

from jolidrive.model.geo import EARTH_KM, distance_km
from jolidrive.store import index_schema as to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jolidrive.model.query import Around

_STRIPS: Final = 8
_SLACK: Final = 1e-9
_MOST: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class _Strip:
    """Degrees of latitude, and how far east and west the inner and outer box reach."""

    low: float
    high: float
    inner: float
    outer: float


def circle_query(
    schema: tantivy.Schema, searcher: tantivy.Searcher, around: Around
) -> tantivy.Query:
    """The items of one index within the circle, its edge included."""
    strips = list(_strips(around))
    outer = _any(_boxes(schema, around, strips, inner=False))
    inner = _any(_boxes(schema, around, strips, inner=True))
    edge = tantivy.Query.boolean_query(
        [(tantivy.Occur.Must, outer), (tantivy.Occur.MustNot, inner)]
    )
    places = [place for _, place in searcher.search(edge, _MOST, count=False).hits]
    columns = (searcher.fast_field_values(name, places) for name in (to.NUMBER, to.LAT, to.LON))
    within = [
        int(number)
        for number, lat, lon in zip(*columns, strict=True)
        if number is not None and lat is not None and lon is not None
        if distance_km(around.lat, around.lon, lat, lon) <= around.km
    ]
    if not within:
        return inner
    return _any([inner, tantivy.Query.term_set_query(schema, to.NUMBER, within)])


def _any(queries: list[tantivy.Query]) -> tantivy.Query:
    if not queries:
        return tantivy.Query.empty_query()
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def _strips(around: Around) -> Iterator[_Strip]:
    reach = degrees(around.km / EARTH_KM) + _SLACK
    low, high = max(-90.0, around.lat - reach), min(90.0, around.lat + reach)
    widest = _widest(around)
    for i in range(_STRIPS):
        below = low + (high - low) * i / _STRIPS
        above = low + (high - low) * (i + 1) / _STRIPS
        ends = (_half_width(around, below), _half_width(around, above))
        top = _half_width(around, min(max(widest, below), above))
        yield _Strip(below, above, min(ends) - _SLACK, max(*ends, top) + _SLACK)


def _widest(around: Around) -> float:
    """The latitude at which the circle reaches furthest east and west."""
    angle = min(around.km / EARTH_KM, pi / 2 - _SLACK)
    return degrees(asin(max(-1.0, min(1.0, sin(radians(around.lat)) / cos(angle)))))


def _half_width(around: Around, lat: float) -> float:
    """Degrees of longitude from the middle to the circle's edge; 180 where it goes round."""
    phi, middle = radians(lat), radians(around.lat)
    across = cos(phi) * cos(middle)
    rest = cos(min(around.km / EARTH_KM, pi)) - sin(phi) * sin(middle)
    if across < 1e-12:
        return 180.0 if rest <= 1e-12 else 0.0
    ratio = rest / across
    if ratio >= 1:
        return 0.0
    return 180.0 if ratio <= -1 else degrees(acos(ratio))


def _boxes(
    schema: tantivy.Schema, around: Around, strips: list[_Strip], *, inner: bool
) -> list[tantivy.Query]:
    found = []
    for strip in strips:
        width = strip.inner if inner else strip.outer
        if width <= 0:
            continue
        lat = _between(schema, to.LAT, strip.low, strip.high)
        for west, east in _longitudes(around.lon, width):
            lon = _between(schema, to.LON, west, east)
            found.append(
                tantivy.Query.boolean_query(
                    [(tantivy.Occur.Must, lat), (tantivy.Occur.Must, lon)]
                )
            )
    return found


def _longitudes(middle: float, width: float) -> list[tuple[float, float]]:
    """One range, or two where it crosses the line opposite to Greenwich."""
    if width >= 180:
        return [(-180.0, 180.0)]
    west, east = middle - width, middle + width
    if west < -180:
        return [(-180.0, east), (west + 360, 180.0)]
    if east > 180:
        return [(west, 180.0), (-180.0, east - 360)]
    return [(west, east)]


def _between(schema: tantivy.Schema, field: str, low: float, high: float) -> tantivy.Query:
    return tantivy.Query.range_query(schema, field, tantivy.FieldType.Float, low, high)
