"""Mobile phone numbers of the mainland, in pure Python."""

from __future__ import annotations

import re
import unicodedata

from fuhui.shared.errors import BadInput

_PREFIX = re.compile(r"^(?:\+|00)?86(?=1\d{10}$)")
_NUMBER = re.compile(r"^1[3-9]\d{9}$")
_JOINERS = re.compile(r"[\s\-–—()·.]")


def phone_number(text: str) -> str:
    """The 11 digits of a mobile number; full-width digits, spaces, dashes and +86 are understood.

    Raises BadInput with what is wrong with it.
    """
    plain = _PREFIX.sub("", _JOINERS.sub("", unicodedata.normalize("NFKC", text or "")))
    if _NUMBER.match(plain):
        return plain
    if not plain:
        raise BadInput("phone", "请填写手机号。", field="phone")
    if plain.isascii() and plain.isdigit() and len(plain) == 11:
        raise BadInput("phone", "手机号应以 13 到 19 开头，请检查前几位。", field="phone")
    counted = f"现在是 {len(plain)} 位" if plain.isascii() and plain.isdigit() else "里面有不是数字的字符"
    raise BadInput("phone", f"手机号应为 11 位数字，{counted}，请检查。", field="phone")
