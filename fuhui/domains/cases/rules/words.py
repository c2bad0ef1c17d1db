"""Search words of Chinese text: overlapping pairs of characters, so that any part of two characters is found."""

from __future__ import annotations

import re
import unicodedata
from uuid import UUID

_RUNS = re.compile(r"[一-鿿㐀-䶿]+|[a-z0-9]+")
LONGEST = 400
# `cases_search_ids` reckons with the same numbers.
SPAN_MS = 91 * 24 * 3600 * 1000
FIRST_MARK, MARKS = 0xE000, 6400  # Unicode's private use area


def search_words(text: str) -> list[str]:
    """Distinct words of a text for the index: pairs of Han characters, single ones, and latin or digit runs."""
    found: dict[str, None] = {}
    for run in _RUNS.findall(unicodedata.normalize("NFKC", text).lower()):
        if run[0] < "一":
            found[run] = None
            if run.isdigit():
                continue
        found.update(dict.fromkeys(run))
        found.update(dict.fromkeys(run[i : i + 2] for i in range(len(run) - 1)))
        if len(found) > LONGEST:
            break
    return [word for word in found if not (len(word) == 1 and word < "一" and not word.isdigit())][:LONGEST]


def span_mark(case_id: UUID) -> str:
    """The sign of the 91 days that a case falls in, by the time in its id (RFC 9562, version 7): one character for
    private use, written behind each search word, so that the index keeps short lists for each quarter of a year."""
    return chr(FIRST_MARK + (case_id.int >> 80) // SPAN_MS % MARKS)


def query_words(text: str) -> list[str]:
    """Words that must all occur: runs of Han characters are covered by pairs side by side, others stand as they are.

    Every pair costs the index one list to walk, and the pairs between two others add next to nothing to what is found.
    """
    found: dict[str, None] = {}
    for run in _RUNS.findall(unicodedata.normalize("NFKC", text).lower()):
        if run[0] >= "一" and len(run) > 1:
            starts = [*range(0, len(run) - 1, 2), len(run) - 2]
            found.update(dict.fromkeys(run[start : start + 2] for start in starts))
        else:
            found[run] = None
    return list(found)
