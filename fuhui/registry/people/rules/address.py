"""House addresses as lists write them, cut into estate, building, unit and room."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_DASH = re.compile(r"[—–－﹣~～_/\\]+")
_NUMERALS = "零〇一二三四五六七八九十百两"
_N = rf"(?:[A-Za-z]?\d+[A-Za-z]?|[A-Za-z]|[{_NUMERALS}甲乙丙丁东西南北]+)"
_WORDED = re.compile(
    rf"(?P<area>.*?)(?P<building>{_N})(?:号楼|栋|幢|座|#楼?|号(?=[^室]*(?:单元|室|-|\d))|楼(?=.))[-, ]*"
    rf"(?:(?P<unit>{_N})(?:单元|门洞|门)[-, ]*)?"
    rf"(?:(?:\d+|[{_NUMERALS}]+)(?:层|楼)[-, ]*)?(?P<room>[A-Za-z]?\d+[A-Za-z]?)"
    rf"(?:室|号|户|房)?(?P<second>-[A-Za-z]?\d+[A-Za-z]?室?)?"
)
_DASHED = re.compile(
    rf"(?P<area>.*?)(?P<building>{_N})#?-(?:(?P<unit>{_N})(?:单元)?-)?(?P<room>[A-Za-z]?\d+[A-Za-z]?)(?:室|号|户)?(?P<second>)"
)
_BRACKETS = re.compile(r"\(.*?\)")
_REGION = re.compile(
    r"^.*?(?:省|自治区)|^.*?市(?!场)|^.*?(?:区|县)(?=.*(?:街|路|镇|社区|小区|村))|^.*?(?:街道|镇)|^.*?社区(?=.)"
)


class Door(NamedTuple):
    """Parts of an address; '' where it does not tell."""

    area: str
    building: str
    unit: str
    room: str


def parse_address(text: str) -> Door | None:
    """3号楼2单元501, 3-2-501, 3栋2单元501室, 13#-2-501 and the like, with or without an estate before;
    None where no building and room can be told."""
    plain = _DASH.sub("-", re.sub(r"\s+", "", _BRACKETS.sub("", unicodedata.normalize("NFKC", text))))
    if not plain or len(plain) > 200:
        return None
    found = _WORDED.fullmatch(plain) or _DASHED.fullmatch(plain)
    if not found:
        return None
    unit, room, second = found["unit"] or "", found["room"], (found["second"] or "").strip("-室")
    if second:
        unit, room = (unit, f"{room}-{second}") if unit else (room, second)
    return Door(area_of(found["area"]), found["building"], unit, room)


def area_of(text: str) -> str:
    """The estate's name without province, city, district and street before it."""
    area, before = text.strip("-,， "), ""
    while area != before:
        before, area = area, _REGION.sub("", area, count=1) or area
    return area


def door_text(door: Door) -> str:
    """As it is read out: 福惠花园3号楼2单元501."""
    building = f"{door.building}号楼" if door.building.isascii() and door.building.isalnum() else door.building
    return f"{door.area}{building}{f'{door.unit}单元' if door.unit else ''}{door.room}"
