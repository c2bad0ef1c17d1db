"""Phones and names as people write them."""

from __future__ import annotations

import re
import unicodedata

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(0\d{2,3})?([2-9]\d{6,7})(?:转?(\d{1,5}))?")
_SERVICE = re.compile(r"[48]00\d{7}")
_SPLIT = re.compile(r"[/、,，;；|\n\\]|\s{2,}|或|(?<=\d)\s+(?=1[3-9]\d{9})")
_NOISE = re.compile(r"[\s\-—–_().（）·]+")
_COUNTRY = re.compile(r"^(?:\+?86|0086)(?=1[3-9]\d{9}$|0\d{9,11}$)")
_BRACKETS = re.compile(r"[（(【\[].*?[)）】\]]")
_NAME_CHARACTERS = re.compile(r"[^\W\d_]+(?:[·. ][^\W\d_]+)*")
_DOTS = str.maketrans({"•": "·", "・": "·", "．": "·", "‧": "·", "●": "·"})


def normal_phone(text: str) -> str | None:
    """One phone in plain digits: 11 digits of a mobile, or area code and number of a landline (with 转 and
    extension as 'x'); None for anything else. +86, spaces, dashes and full-width digits are understood."""
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix(".0")  # ".0" is a spreadsheet's decimal
    digits = _NOISE.sub("", plain).strip("'’`")
    digits = _COUNTRY.sub("", digits)
    if _MOBILE.fullmatch(digits) or _SERVICE.fullmatch(digits):
        return digits
    found = _LANDLINE.fullmatch(digits)
    if not found or len(digits) < 7:
        return None
    area, number, extension = found.groups()
    return f"{area or ''}{number}{f'x{extension}' if extension else ''}"


def normal_phones(text: str) -> list[str] | None:
    """Every phone of a cell that holds one or several; None when a part is no phone."""
    parts = [part for part in _SPLIT.split(unicodedata.normalize("NFKC", text)) if part and part.strip()]
    phones = [normal_phone(part) for part in parts]
    return list(dict.fromkeys(phone for phone in phones if phone)) if phones and all(phones) else None


def is_mobile(phone: str) -> bool:
    """True for an 11-digit mobile number."""
    return bool(_MOBILE.fullmatch(phone))


def normal_name(text: str) -> str:
    """A name without spaces between Chinese characters; the dot of minority names as ·; spaces of Latin names stay."""
    name = unicodedata.normalize("NFKC", text).translate(_DOTS).strip()
    name = re.sub(r"\s+", " ", name)
    return re.sub(r"(?<=[\u3400-\u9fff·]) +(?=[\u3400-\u9fff·])", "", name)


def looks_like_name(text: str) -> bool:
    """True for 2–4 Chinese characters, or a longer name with dots, as names are in residents' lists."""
    name = normal_name(_BRACKETS.sub("", text))
    return bool(re.fullmatch(r"[\u3400-\u9fff]{2,4}|[\u3400-\u9fff]{1,8}(·[\u3400-\u9fff]{1,8})+", name))


def name_fault(name: str) -> str | None:
    """Why this cannot be somebody's name, or None."""
    if not name:
        return "没有姓名"
    if len(name) > 60:
        return "姓名太长，多半是列对应错了"
    bare = _BRACKETS.sub("", name)
    return None if _NAME_CHARACTERS.fullmatch(bare) else "姓名里有数字或符号"
