"""The lines that open a message in copied or exported text, format by format."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time

from fuhui.triage.read.times import CLOCK, DAY, RELATIVE, SHORT_DAY, clock_of, day_of

LONGEST_HEADER = 160
NAME = r"(?P<name>\S.{0,79}?)"


@dataclass(slots=True)
class Header:
    """One opening line. ``short_day`` lacks its year, ``relative`` is 昨天 or a weekday."""

    line: int
    format: str
    name: str
    body_from: int
    day: date | None = None
    short_day: re.Match[str] | None = None
    relative: str | None = None
    clock: time | None = None
    known_name: bool = True
    inline: str | None = None


PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("chatlog_txt", re.compile(rf"^{NAME}\s?\((?P<who>[\w@.\-]{{2,60}})\)\s+(?:{DAY}\s+)?{CLOCK}$")),
    ("chatlog_txt", re.compile(rf"^{NAME}\s?\((?P<who>[\w@.\-]{{2,60}})\)\s+{SHORT_DAY}\s+{CLOCK}$")),
    ("qq_txt", re.compile(rf"^{DAY}\s+{CLOCK}\s+{NAME}[(（<](?P<who>[\w@.\-]{{4,60}})[)）>]$")),
    ("memotrace_txt", re.compile(rf"^{DAY}\s+{CLOCK}\s+(?P<name>\S.{{0,79}})$")),
    ("pc_dated", re.compile(rf"^{NAME}\s*[(（]{DAY}\s*{CLOCK}[)）]$")),
    ("pc_dated", re.compile(rf"^{NAME}\s+{DAY}\s*(?:星期.|周.)?\s*{CLOCK}$")),
    ("pc_dated", re.compile(rf"^{NAME}\s+{SHORT_DAY}\s+{CLOCK}$")),
    ("pc_dated", re.compile(rf"^{NAME}\s+{RELATIVE}\s*{CLOCK}$")),
    ("phone_forward", re.compile(rf"^{NAME}[\s\u3000]{{2,}}{CLOCK}$")),
    ("pc_short", re.compile(rf"^{NAME}\s{CLOCK}$")),
    ("pc_short", re.compile(rf"^{NAME}[(（]{CLOCK}[)）]$")),
)  # fmt: skip
BARE_TIME = re.compile(rf"^(?:{DAY}\s*(?:星期.|周.)?\s*)?{CLOCK}$")
BARE_SHORT = re.compile(rf"^{SHORT_DAY}\s*{CLOCK}$")
BARE_RELATIVE = re.compile(rf"^{RELATIVE}\s*{CLOCK}$")
BARE_DAY = re.compile(r"^(?:\d{4}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?(?:\s*(?:星期|周).)?$")
COLON_NAME = re.compile(r"^(?P<name>[^:：，。！？；\s][^:：，。！？；]{0,39})[:：]$")
COLON_TEXT = re.compile(r"^(?P<name>[^:：，。！？；\s][^:：，。！？；]{0,19})[:：]\s*(?P<body>\S.*)$")
NOT_A_NAME = re.compile(
    r"[，。！？；]|(?:时间|日期|地点|截止|截至|通知|如下|要求|说明|内容|电话|名单|事项|提示|备注|步骤|"
    r"注意|附|以下|规则|接龙|原因|情况|建议)[:：]?$|^(?:https?|\d+[、.．])"
)
STRONG = frozenset({"chatlog_txt", "qq_txt", "memotrace_txt", "pc_dated", "pc_copy"})
Reader = Callable[[list[str], int], "Header | None"]


def headers_at(lines: list[str], index: int) -> Header | None:
    """The header that line ``index`` looks like, most telling format first."""
    line = lines[index].strip()
    if not line or len(line) > LONGEST_HEADER or line[0] == ">":
        return None
    if line[-1] in ":：":
        match = COLON_NAME.match(line)
        return _colon(match, index) if match else None
    if ":" not in line and "：" not in line:
        return None
    return _stacked(lines, index) or _timed(line, index)


def _colon(match: re.Match[str], index: int) -> Header | None:
    if NOT_A_NAME.search(match["name"]):
        return None
    return Header(index, "pc_short", match["name"].strip(), index + 1, known_name=False)


def _timed(line: str, index: int) -> Header | None:
    for name, pattern in PATTERNS:
        match = pattern.match(line)
        if match is None:
            continue
        header = _header(match, name, index)
        if header is not None:
            return header
    return None


def _header(match: re.Match[str], name: str, index: int) -> Header | None:
    clock = clock_of(match)
    if clock is None or BARE_DAY.match(match["name"]):
        return None
    if name == "memotrace_txt" and not (match["second"] or match["half2"]):
        return None
    header = Header(index, name, match["name"].strip(), index + 1, clock=clock)
    header.known_name = not NOT_A_NAME.search(header.name)
    _set_day(header, match)
    return header


def _set_day(header: Header, match: re.Match[str]) -> None:
    named = match.groupdict()
    if named.get("year"):
        header.day = day_of(match)
    elif named.get("month"):
        header.short_day = match
    header.relative = named.get("relative")


def _stacked(lines: list[str], index: int) -> Header | None:
    """A name on the line before, this line only a time."""
    line = lines[index].strip()
    if len(line) > 40 or index == 0:
        return None
    match = BARE_TIME.match(line) or BARE_SHORT.match(line) or BARE_RELATIVE.match(line)
    if match is None:
        return None
    name, clock = lines[index - 1].strip(), clock_of(match)
    if not name or len(name) > 60 or clock is None or name[0] == ">":
        return None
    header = Header(index - 1, "pc_copy", name, index + 1, clock=clock)
    header.known_name = not NOT_A_NAME.search(name)
    _set_day(header, match)
    return header


def speakers(lines: Iterable[str]) -> list[Header]:
    """Headers of the plain form ``名字：发言`` on one line."""
    found = []
    for index, line in enumerate(lines):
        if len(line) > 5000:
            continue
        match = COLON_TEXT.match(line.strip())
        if match and not NOT_A_NAME.search(match["name"]):
            name, body = match["name"].strip(), match["body"]
            found.append(Header(index, "speaker_lines", name, index + 1, inline=body))
    return found
