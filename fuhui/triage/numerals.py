"""Digits as people type them: full-width, Chinese, mixed."""

from __future__ import annotations

_WIDE = "０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ－＃（）：＋　＠．①②③④⑤⑥⑦⑧⑨⓪❶❷❸❹❺❻❼❽❾⓿"
_PLAIN = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-#():+ @.12345678901234567890"
_TABLE = str.maketrans(_WIDE, _PLAIN)
_ROWS = ("零一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖")
_DIGITS = {c: i for row in _ROWS for i, c in enumerate(row)} | {"〇": 0, "幺": 1, "两": 2, "○": 0}


def half_width(text: str) -> str:
    """The text with full-width digits, letters and signs made plain; same length."""
    return text if text.isascii() else text.translate(_TABLE)


def to_number(word: str) -> str:
    """``十二`` → ``12``, ``五零一`` → ``501``, ``07`` → ``7``, ``a`` → ``A``.

    What is no numeral comes back in upper case.
    """
    word = word.strip()
    if word.isdigit():
        return str(int(word))
    if any(c in "十百" for c in word) and all(c in _DIGITS or c in "十百" for c in word):
        return str(_spoken(word))
    if word and all(c in _DIGITS for c in word):
        return str(int("".join(str(_DIGITS[c]) for c in word)))
    return word.upper()


def _spoken(word: str) -> int:
    total, held = 0, 0
    for c in word:
        if c in _DIGITS:
            held = _DIGITS[c]
        else:
            total += (held or 1) * (10 if c == "十" else 100)
            held = 0
    return total + held
