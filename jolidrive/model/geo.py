"""Distances on the earth, one rule for the query and for its tests."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt
from typing import Final

EARTH_KM: Final = 6371.0088
"""Mean radius; a circle is off by at most half a percent, as the earth is no ball."""


def distance_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """The way along the surface between two points given in degrees (haversine)."""
    phi, other_phi = radians(lat), radians(other_lat)
    half = sin((other_phi - phi) / 2) ** 2
    half += cos(phi) * cos(other_phi) * sin(radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1.0, half)))
