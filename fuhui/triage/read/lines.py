"""Chats as text: phone forward, PC copy, MemoTrace, chatlog and QQ text."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date as Date  # noqa: N812
from datetime import datetime, time, timedelta

from fuhui.triage.read.decode import COPY_HINT
from fuhui.triage.read.headers import STRONG, Header, headers_at, speakers
from fuhui.triage.read.times import DAY, RELATIVE, day_of, relative_day
from fuhui.triage.read.transcript import Draft, UnparsedLine, UnreadableChat

GROUP_LINE = re.compile(r"^微信群\s*[\"“”「『](?P<group>.{1,80})[\"“”」』]\s*的聊天记录如下[:：]?")
PRIVATE_LINE = re.compile(r"^(?P<a>.{1,40}?)\s*和\s*(?P<b>.{1,40}?)\s*在微信上的聊天记录如下")
QQ_GROUP_LINE = re.compile(r"^消息对象[:：](?P<group>.{1,80})$")
QQ_OTHER_LINE = re.compile(r"^(?:消息记录.{0,60}|消息分组[:：].{0,80}|={5,}|-{20,})$")
DAY_LINE = re.compile(rf"^[—\-–─=_*·\s]{{2,}}{DAY}\s*(?:星期.|周.)?[—\-–─=_*·\s]*$")
WORD_DAY_LINE = re.compile(rf"^[—\-–─=_*·\s]{{2,}}{RELATIVE}[—\-–─=_*·\s]*$")
NOTICE_LINE = re.compile(
    r"^(?:[\"“]?.{1,40}[\"”]?\s?(?:撤回了一条消息|拍了拍.{1,40}|邀请.{1,80}加入了群聊"
    r"|通过扫描.{1,80}加入群聊|加入了群聊|修改群名为.{1,80})|以下是新消息|以上是打招呼的内容)$"
)
BEFORE = "在第一条发言之前，看不出是谁说的"
SYSTEM = "系统提示，不是发言"


@dataclass(slots=True)
class _State:
    group: str
    date: Date | None
    day: Date | None = None
    clock: time | None = None
    drafts: list[Draft] = field(default_factory=list)
    unparsed: list[UnparsedLine] = field(default_factory=list)
    draft: Draft | None = None
    body: list[str] = field(default_factory=list)
    lacks_day: bool = False


def read_lines(
    text: str, group: str | None, date: Date | None
) -> tuple[str, str | None, list[Draft], list[UnparsedLine], bool]:
    """Format, group, drafts, unparsed lines, and whether a day is missing.

    Raises ``UnreadableChat`` when no line opens a message.
    """
    lines = text.split("\n")
    headers = choose_headers(lines)
    if not headers:
        raise UnreadableChat("unknown_format", "看不出这是聊天记录：找不到“谁、几点说的”。" + COPY_HINT)
    form = Counter(header.format for header in headers.values()).most_common(1)[0][0]
    state = _State(group or "", date)
    _walk(lines, headers, state, fixed_group=group is not None)
    return form, state.group or None, state.drafts, state.unparsed, state.lacks_day


def choose_headers(lines: list[str]) -> dict[int, Header]:
    """The lines that really open a message, by line index.

    Looks at the whole text first: which format prevails, whether blank lines stand before
    headers, and which names speak more than once. So a line such as ``集合时间 14:30`` in the
    middle of a notice stays in its notice.
    """
    found = [
        header
        for index in range(len(lines))
        if (header := headers_at(lines, index)) and not _is_furniture(lines[header.line].strip())
    ]
    timed = [header for header in found if header.clock]
    if not timed:
        plain = speakers(lines)
        content = sum(1 for line in lines if line.strip())
        if len(plain) >= 2 and len(plain) * 10 >= content * 6:
            return {header.line: header for header in plain}
        return {header.line: header for header in found} if len(found) >= 2 else {}
    allowed = _allowed_formats(timed, lines)
    kept = [header for header in found if header.format in allowed]
    return _only_real(kept, lines)


def _allowed_formats(timed: list[Header], lines: list[str]) -> set[str]:
    counts = Counter(header.format for header in timed if header.known_name)
    counts = counts or Counter(header.format for header in timed)
    has_days = any(_day_line(line.strip()) for line in lines if len(line) < 100)
    if has_days and counts["phone_forward"]:
        counts["phone_forward"] += counts["pc_short"]
        counts["pc_short"] = 0
    best = counts.most_common(1)[0][0]
    allowed = {name for name in STRONG if counts[name] >= 2 and counts[name] * 10 >= counts[best]}
    allowed.add(best)
    if best == "pc_short":
        allowed.add("phone_forward")
    elif counts["pc_short"] and not allowed & STRONG and not has_days:
        allowed.add("pc_short")
    elif has_days and counts["phone_forward"]:
        allowed.add("phone_forward")
    return allowed


def _only_real(headers: list[Header], lines: list[str]) -> dict[int, Header]:
    spaced = {h.line for h in headers if h.line == 0 or not _content(lines[h.line - 1])}
    timed = [h for h in headers if h.clock]
    wants_blank = sum(h.line in spaced for h in timed) * 10 >= len(timed) * 8
    names = {h.name for h in timed if h.known_name and (h.line in spaced or not wants_blank)}
    real: dict[int, Header] = {}
    for header in headers:
        trusted = header.name in names
        if header.clock is None:
            trusted = trusted or header.line in spaced
        elif not trusted:
            trusted = header.known_name and not wants_blank
            trusted = trusted or (header.line in spaced and header.known_name)
        if trusted:
            real[header.line] = header
    return real or {h.line: h for h in timed}


def _content(line: str) -> bool:
    line = line.strip()
    return bool(line) and not _is_furniture(line)


def _is_furniture(line: str) -> bool:
    """True for titles, day separators and system notices."""
    if not line or len(line) > 200:
        return False
    return bool(_title(line) or _day_line(line) or NOTICE_LINE.match(line))


def _title(line: str) -> re.Match[str] | None:
    if line[0] == "微" or "聊天记录如下" in line:
        return GROUP_LINE.match(line) or PRIVATE_LINE.match(line)
    if line[0] in "消=-":
        return QQ_GROUP_LINE.match(line) or QQ_OTHER_LINE.match(line)
    return None


def _day_line(line: str) -> re.Match[str] | None:
    if not line or line[0] not in "—-–─=_*·":
        return None
    return DAY_LINE.match(line) or WORD_DAY_LINE.match(line)


def _walk(lines: list[str], headers: dict[int, Header], state: _State, fixed_group: bool) -> None:
    index = 0
    while index < len(lines):
        header = headers.get(index)
        if header is not None:
            _open(state, header)
            index = header.body_from
            continue
        _take(state, lines[index], index + 1, fixed_group)
        index += 1
    _close(state)


def _take(state: _State, line: str, number: int, fixed_group: bool) -> None:
    bare = line.strip()
    if bare and len(bare) <= 200:
        if title := _title(bare):
            _close(state)
            state.group = state.group if fixed_group else _group_of(title) or state.group
            return
        if match := _day_line(bare):
            _close(state)
            state.day, state.clock = _named_day(match, state), None
            return
        if NOTICE_LINE.match(bare):
            state.unparsed.append(UnparsedLine(number, line, SYSTEM))
            return
    if state.draft is None:
        if bare:
            state.unparsed.append(UnparsedLine(number, line, BEFORE))
    else:
        state.body.append(line)


def _group_of(title: re.Match[str]) -> str | None:
    named = title.groupdict()
    if "a" in named:
        return f"{named['a']} 和 {named['b']}"
    return named.get("group")


def _named_day(match: re.Match[str], state: _State) -> Date | None:
    word = match.groupdict().get("relative")
    if word:
        return relative_day(word, state.date) if state.date else None
    return day_of(match)


def _open(state: _State, header: Header) -> None:
    _close(state)
    moment = _moment(state, header)
    clock = header.clock or state.clock
    state.draft = Draft(state.group, header.name, "", moment, clock)
    state.body = [header.inline] if header.inline else []
    state.clock = clock


def _moment(state: _State, header: Header) -> datetime | None:
    day = header.day
    if header.short_day is not None:
        day = day_of(header.short_day, state.date)
    elif header.relative:
        day = relative_day(header.relative, state.date) if state.date else None
    elif day is None:
        day = _running_day(state, header.clock)
    clock = header.clock or state.clock
    if day is None or clock is None:
        state.lacks_day = state.lacks_day or day is None
        return None
    if header.clock:
        state.day = day
    return datetime.combine(day, clock)


def _running_day(state: _State, clock: time | None) -> Date | None:
    """Day of a header that has only a clock: the separator's, or ``date``, past midnight +1."""
    day = state.day or state.date
    if day and clock and state.clock and state.clock.hour >= 18 and clock.hour < 6:
        day += timedelta(days=1)
    return day


def _close(state: _State) -> None:
    draft, state.draft = state.draft, None
    if draft is None:
        return
    quoted: list[str] = []
    body = state.body
    while body and body[0].startswith("> "):
        quoted.append(body.pop(0)[2:])
    draft.text = "\n".join(body).strip()
    draft.quote = "\n".join(quoted) or None
    if draft.text or draft.quote:
        state.drafts.append(draft)
