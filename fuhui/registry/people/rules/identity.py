"""Identity numbers (GB 11643): check digit, birth date, sex; old 15-digit cards; 港澳台 residence permits."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_SHAPE = re.compile(r"\d{17}[\dX]")
_OLD_SHAPE = re.compile(r"\d{15}")
_NOISE = re.compile(r"[\s\-—.'’‘`]+")
_EARLIEST = 1850
# First two digits that are or were a province; 81/82/83 stand on residence permits of 港澳台 residents.
_PROVINCES = frozenset(
    str(code)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83), (91, 91))
    for code in range(first, last + 1)
)
_PERMITS = {"81": "港澳居民居住证", "82": "港澳居民居住证", "83": "台湾居民居住证"}


@dataclass(frozen=True, slots=True)
class Identity:
    """A checked number: 18 digits where it could be brought there, with what it tells. `hints` never refuse."""

    number: str
    birth: date
    sex: str
    kind: str
    hints: tuple[str, ...] = ()


class WrongIdentity(ValueError):
    """The number cannot be one; `args[0]` says in Chinese what is wrong, without repeating the number."""


def plain_identity(text: str) -> str:
    """Full-width characters, spaces, dashes and a leading apostrophe removed, x as X."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).upper()


def check_digit(first17: str) -> str:
    """The 18th character for 17 digits (GB 11643-1999)."""
    return _CHECK[sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True)) % 11]


def identity(text: str, today: date) -> Identity:
    """Checks a number and reads birth date and sex from it. Raises WrongIdentity saying what is wrong.

    An unknown or retired division code is only a hint: codes change, cards stay.
    """
    number = plain_identity(text)
    if _OLD_SHAPE.fullmatch(number):
        return _old(number, today)
    if not _SHAPE.fullmatch(number):
        raise WrongIdentity(_shape_fault(number))
    birth = _birth(number[6:14], today)
    if number[17] != check_digit(number[:17]):
        raise WrongIdentity("最后一位校验码对不上，多半是抄错了一位，请对照证件核对")
    return Identity(number, birth, _sex(number[16]), _PERMITS.get(number[:2], "居民身份证"), _hints(number))


def _old(number: str, today: date) -> Identity:
    longer = f"{number[:6]}19{number[6:]}"
    birth = _birth(longer[6:14], today)
    hints = ("这是15位旧身份证号，已按规则换成18位", *_hints(number))
    return Identity(longer + check_digit(longer), birth, _sex(number[14]), "居民身份证（旧）", hints)


def _shape_fault(number: str) -> str:
    if re.fullmatch(r"\d+(\.\d+)?E\+?\d+", number) or (number.endswith("000") and len(number) == 18):
        return "被表格软件改成了科学计数，后几位已丢失，请把这一列设为“文本”后重新填写"
    if not number.isascii() or not number.isalnum():
        return "含有数字和X以外的字符"
    return (
        f"应为18位（旧证15位），这里是{len(number)}位" if len(number) != 18 else "前17位应全是数字，最后一位是数字或X"
    )


def _birth(digits: str, today: date) -> date:
    try:
        birth = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError as error:
        raise WrongIdentity("第7到14位不是真实的出生日期") from error
    if birth > today or birth.year < _EARLIEST:
        raise WrongIdentity("第7到14位的出生日期不合理")
    return birth


def _sex(digit: str) -> str:
    return "male" if int(digit) % 2 else "female"


def _hints(number: str) -> tuple[str, ...]:
    return () if number[:2] in _PROVINCES else ("前六位不在区划表中，请顺便核对",)


def looks_like_identity(text: str) -> bool:
    """True for anything of the shape of an identity number, right or wrong."""
    number = plain_identity(text)
    return bool(_SHAPE.fullmatch(number) or (_OLD_SHAPE.fullmatch(number) and _is_old_date(number[6:12])))


def _is_old_date(digits: str) -> bool:
    return 1 <= int(digits[2:4]) <= 12 and 1 <= int(digits[4:6]) <= 31


def age_on(birth: date, day: date) -> int:
    """Full years (周岁) on a day."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def masked(text: str) -> str:
    """A value for messages: first and last character (two for long ones), the middle hidden."""
    keep = 2 if len(text) > 7 else 1
    return (
        text
        if len(text) < 2
        else f"{text[:keep]}{'*' * min(len(text) - keep, 6)}{text[-keep:] if len(text) > 3 else ''}"
    )
