"""Borders of grids: GeoJSON polygons in WGS 84 degrees, checked with shapely."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from shapely import make_valid
from shapely.geometry import MultiPolygon, Point, Polygon, mapping, shape
from shapely.geometry.polygon import orient
from shapely.prepared import PreparedGeometry, prep

from fuhui.shared.errors import BadInput

MAX_CORNERS = 2000
DECIMALS = 6  # of a degree: about 0.1 m
OVERLAP_SHARE = 0.01  # of the smaller grid: neighbours drawn by hand overlap by slivers
OVERLAP_M2 = 100.0
_METRES_PER_DEGREE = 111_320.0
_EXAMPLE = "请粘贴一个 GeoJSON 多边形（Polygon），坐标顺序为 [经度, 纬度]。"


class Overlap(NamedTuple):
    """Two grids that share ground: the other one's name, and how much in square metres."""

    name: str
    square_metres: float


def read_border(text: str) -> dict[str, Any] | None:
    """The border in pasted or uploaded GeoJSON text (geometry, feature or collection of one); None for ''.

    Raises BadInput saying what to change.
    """
    if not text.strip():
        return None
    try:
        value = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise BadInput("border_json", f"边界不是有效的 JSON。{_EXAMPLE}", field="border") from error
    return checked_border(value)


def checked_border(value: object) -> dict[str, Any]:
    """The border as a clean GeoJSON polygon: closed, right-handed, six decimals. Raises BadInput otherwise."""
    polygon = _polygon(_geometry(value))
    if not polygon.is_valid or polygon.area == 0:
        raise BadInput("border_crosses", "边界线自己相交或没有面积，请沿网格外沿依次重新点选各个拐点。", field="border")
    west, south, east, north = polygon.bounds
    if south < -90 or north > 90 or west < -180 or east > 180:
        raise BadInput("border_range", "坐标超出范围：经度在前、纬度在后，可能写反了。", field="border")
    clean: dict[str, Any] = json.loads(json.dumps(mapping(_rounded(orient(polygon)))))
    return clean


def _geometry(value: object) -> Mapping[str, Any]:
    found = value
    if isinstance(found, Mapping) and found.get("type") == "FeatureCollection":
        features = found.get("features")
        if not isinstance(features, list) or len(features) != 1:
            raise BadInput("border_one", "文件里应当只有一个图形：一个网格一条边界。", field="border")
        found = features[0]
    if isinstance(found, Mapping) and found.get("type") == "Feature":
        found = found.get("geometry")
    if not isinstance(found, Mapping) or found.get("type") not in {"Polygon", "MultiPolygon"}:
        raise BadInput("border_type", f"没有找到多边形。{_EXAMPLE}", field="border")
    return found


def _polygon(geometry: Mapping[str, Any]) -> Polygon:
    try:
        drawn = shape(geometry)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise BadInput("border_points", f"边界的坐标读不出来，至少要有三个拐点。{_EXAMPLE}", field="border") from error
    parts = list(drawn.geoms) if isinstance(drawn, MultiPolygon) else [drawn]
    if len(parts) != 1 or parts[0].is_empty:
        raise BadInput("border_one", "一个网格只能有一条相连的边界。", field="border")
    corners = list(parts[0].exterior.coords)
    if len(corners) > MAX_CORNERS or not all(math.isfinite(part) for corner in corners for part in corner):
        raise BadInput("border_points", f"拐点太多（最多 {MAX_CORNERS} 个）或坐标不是数字。", field="border")
    return Polygon([corner[:2] for corner in corners], [[c[:2] for c in ring.coords] for ring in parts[0].interiors])


def _rounded(polygon: Polygon) -> Polygon:
    def ring(corners: Any) -> list[tuple[float, float]]:
        return [(round(x, DECIMALS), round(y, DECIMALS)) for x, y in corners]

    return Polygon(ring(polygon.exterior.coords), [ring(hole.coords) for hole in polygon.interiors])


def square_metres(area_degrees: float, latitude: float) -> float:
    """An area in square degrees as square metres near that latitude; good to 1 % within a community."""
    return area_degrees * _METRES_PER_DEGREE**2 * math.cos(math.radians(latitude))


def border_area(border: Mapping[str, Any]) -> float:
    """Ground inside a border in square metres."""
    polygon = shape(border)
    return square_metres(polygon.area, polygon.centroid.y)


def overlaps(border: Mapping[str, Any], others: Mapping[str, Mapping[str, Any]]) -> list[Overlap]:
    """Other grids (name → border) that share more ground with this one than careless drawing explains."""
    mine = make_valid(shape(border))
    found = []
    for name, other in others.items():
        theirs = make_valid(shape(other))
        shared = square_metres(mine.intersection(theirs).area, mine.centroid.y)
        smaller = square_metres(min(mine.area, theirs.area), mine.centroid.y)
        if shared > max(OVERLAP_M2, smaller * OVERLAP_SHARE):
            found.append(Overlap(name, shared))
    return found


def prepared(border: Mapping[str, Any]) -> PreparedGeometry:
    """The border made ready for many point tests."""
    return prep(make_valid(shape(border)))


def holds(border: PreparedGeometry, longitude: float, latitude: float) -> bool:
    """True when the point is inside or on the border."""
    return bool(border.covers(Point(longitude, latitude)))
