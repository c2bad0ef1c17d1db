"""Calendars as other programs read them: RFC 5545, written by hand because a feed needs eight properties of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

_LINE = 75  # octets, RFC 5545 3.1


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One event of a calendar; the moments with a time zone. `changed_at` orders its versions."""

    uid: str
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    text: str = ""
    address: str = ""
    is_off: bool = False
    is_sure: bool = True


def calendar(name: str, entries: Iterable[Entry]) -> bytes:
    """The calendar with its events, lines ended by CRLF and folded at 75 octets, never inside a character."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Fuhui//activities//ZH", "CALSCALE:GREGORIAN",
             "METHOD:PUBLISH", f"X-WR-CALNAME:{_text(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT1H"]
    for entry in entries:
        lines += _event(entry)
    return b"".join(_folded(line) for line in [*lines, "END:VCALENDAR"])


def _event(entry: Entry) -> Sequence[str]:
    status = "CANCELLED" if entry.is_off else "CONFIRMED" if entry.is_sure else "TENTATIVE"
    lines = [
        "BEGIN:VEVENT", f"UID:{entry.uid}", f"DTSTAMP:{_utc(entry.changed_at)}",
        f"LAST-MODIFIED:{_utc(entry.changed_at)}", f"DTSTART:{_utc(entry.starts_at)}", f"DTEND:{_utc(entry.ends_at)}",
        f"SUMMARY:{_text(entry.title)}", f"LOCATION:{_text(entry.place)}", f"STATUS:{status}",
    ]
    lines += [f"DESCRIPTION:{_text(entry.text)}"] if entry.text else []
    lines += [f"URL:{entry.address}"] if entry.address else []
    return [*lines, "END:VEVENT"]


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(words: str) -> str:
    """A TEXT value: backslash, semicolon, comma and line ends escaped (3.3.11); other control characters dropped."""
    plain = words.replace("\r\n", "\n").replace("\r", "\n")
    plain = "".join(one for one in plain if one == "\n" or one >= " ")
    for sign, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        plain = plain.replace(sign, escaped)
    return plain


def _folded(line: str) -> bytes:
    parts: list[bytes] = [b""]
    for one in line:
        room = _LINE if len(parts) == 1 else _LINE - 1  # a continued line begins with a space
        encoded = one.encode()
        if len(parts[-1]) + len(encoded) > room:
            parts.append(b"")
        parts[-1] += encoded
    return b"\r\n ".join(parts) + b"\r\n"
