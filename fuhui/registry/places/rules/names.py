"""How people write buildings, units, rooms and estates, brought to one key so that they can be compared."""

from __future__ import annotations

import re
import unicodedata

from fuhui.shared.errors import BadInput

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_NUMERAL = re.compile(r"[零〇一二两三四五六七八九]?百?[零〇一二两三四五六七八九]?十?[零〇一二两三四五六七八九]?")
_WORDS = re.compile(r"[零〇一二两三四五六七八九十百]+")
_BUILDING_WORDS = re.compile(r"(号楼|号|栋|幢|座|楼|#)+$")
_UNIT_WORDS = re.compile(r"(单元|门栋|门)+$")
_ROOM_WORDS = re.compile(r"(号|室|房)+$")
_AREA_WORDS = re.compile(r"(居民小区|住宅小区|小区|社区|院)$")
_PHONE = re.compile(r"1[3-9]\d{9}|0\d{9,11}|[48]00\d{7}|1\d{4}|11\d|1\d{2}")


def plain(text: str) -> str:
    """Full-width letters and digits made plain, spaces removed, Chinese numerals below 1000 as digits."""
    narrow = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    return _WORDS.sub(lambda found: _number(found.group()), narrow)


def _number(words: str) -> str:
    if not _NUMERAL.fullmatch(words):
        return words
    if not set(words) & {"十", "百"}:
        return "".join(str(_DIGITS[word]) for word in words)
    hundreds, hundred, rest = words.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    value = _DIGITS.get(hundreds, 1) * 100 if hundred else 0
    value += _DIGITS.get(tens.lstrip("零〇"), 1) * 10 if ten else 0
    return str(value + _DIGITS.get(ones.lstrip("零〇"), 0))


def building_key(text: str) -> str:
    """3号楼, 3栋, 三幢, 3# and 03 are all '3'; a name without a number stays as it is."""
    return _stem(_BUILDING_WORDS, text)


def unit_key(text: str) -> str:
    """2单元, 二单元 and 2 are all '2'; an empty text is the building without units."""
    return _stem(_UNIT_WORDS, text)


def room_key(text: str) -> str:
    """301室, 301 and 301号 are all '301'."""
    return _stem(_ROOM_WORDS, text)


def area_key(text: str) -> str:
    """福惠花园小区 and 福惠花园 are the same estate."""
    key = plain(text)
    return _AREA_WORDS.sub("", key) or key


def _stem(words: re.Pattern[str], text: str) -> str:
    key = plain(text).upper()
    stem = words.sub("", key) or key
    return stem.lstrip("0") or stem


def public_phone(text: str, field: str) -> str:
    """A phone as it is posted: mobile, landline with area code, 400/800 or a short number; '' stays ''.

    Raises BadInput naming the field for anything else.
    """
    digits = re.sub(r"[\s\-()]", "", unicodedata.normalize("NFKC", text))
    if digits and not _PHONE.fullmatch(digits):
        raise BadInput(
            "phone", f"“{text}”不是电话号码。请填 11 位手机号，或带区号的座机，例如 0535-6360000。", field=field
        )
    return unicodedata.normalize("NFKC", text).strip()


def doors(unit_count: int, floor_count: int, per_floor: int) -> list[tuple[str, str]]:
    """(unit, room) of every door of an ordinary building: unit '1'…, room floor + two digits ('301')."""
    return [
        (str(unit), f"{floor}{door:02d}")
        for unit in range(1, unit_count + 1)
        for floor in range(1, floor_count + 1)
        for door in range(1, per_floor + 1)
    ]
