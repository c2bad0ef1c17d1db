"""Does a new message repeat an open matter? Place first, then words, then time."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from fuhui.triage.features import SIGN
from fuhui.triage.grouping import WIDE, spoken_gap
from fuhui.triage.lexicon import scan, things
from fuhui.triage.numerals import half_width
from fuhui.triage.places import Comparison, compare, parse_place
from fuhui.triage.vocabulary import Candidate, Match

LEAST = 0.35


@lru_cache(maxsize=20_000)
def _profile(text: str) -> tuple[frozenset[str], frozenset[str]]:
    plain = SIGN.sub("", half_width(text[:600]))
    grams = frozenset(plain[i : i + 2] for i in range(len(plain) - 1)) or frozenset([plain])
    return things(scan(plain)), grams


def match(new: Candidate, candidates: Iterable[Candidate], *, limit: int = 5) -> list[Match]:
    """The open matters that ``new`` may repeat, most likely first.

    Another building, unit, street or quarter rules a candidate out, save for outages that
    cover a neighbourhood. ``score`` is 0..1; below 0.35 nothing is returned.
    """
    place = new.place or parse_place(new.text)
    found = []
    for candidate in candidates:
        comparison = compare(place, candidate.place or parse_place(candidate.text))
        score, shared = _judge(new, candidate, comparison)
        if score >= LEAST:
            found.append((score, candidate, comparison, shared))
    found.sort(key=lambda item: -item[0])
    # Words are made for those that are shown.
    return [
        Match(old.id, round(min(1.0, score), 3), _words(where, shared, _gap(new, old)))
        for score, old, where, shared in found[:limit]
    ]


def _judge(new: Candidate, old: Candidate, place: Comparison) -> tuple[float, frozenset[str]]:
    """How likely the two are one matter, and the things that both name. 0 where that is ruled out."""
    new_things, new_grams = _profile(new.text)
    old_things, old_grams = _profile(old.text)
    shared = new_things & old_things
    if place.conflict and not shared & WIDE:
        return 0.0, shared
    score = 0.5 * _alike(new_grams, old_grams)
    score += 0.3 if shared else -0.15 if new_things and old_things else 0.0
    score += 0.0 if place.conflict else 0.35 * place.score
    score += 0.1 if new.category and new.category == old.category else 0.0
    gap = _gap(new, old)
    score -= 0.0 if gap is None or gap <= 3 * 1440 else 0.1 if gap <= 14 * 1440 else 0.3
    return (0.0 if place.score <= 0 and not shared and score < 0.45 else score), shared


def _alike(a: frozenset[str], b: frozenset[str]) -> float:
    smaller = min(len(a), len(b))
    return min(1.0, 1.6 * len(a & b) / smaller) if smaller else 0.0


def _gap(new: Candidate, old: Candidate) -> float | None:
    if new.time is None or old.time is None:
        return None
    return abs((new.time - old.time).total_seconds()) / 60


def _words(place: Comparison, shared: frozenset[str], gap: float | None) -> str:
    where = place.words if place.score > 0 else ""
    what = "同一件事" if where and shared else f"都说到{'、'.join(sorted(shared))}" if shared else ""
    said = where + what if what == "同一件事" else "，".join(part for part in (where, what) if part)
    parts = [said or "说法相近"]
    if shared and what == "同一件事":
        parts.append(f"都说到{'、'.join(sorted(shared)[:2])}")
    if gap is not None:
        parts.append(f"{spoken_gap(gap)}前")
    return "，".join(parts)


def similar(a: str, b: str) -> float:
    """How alike two matters are, 0..1; 0 where their places contradict each other."""
    found = match(Candidate("a", a), [Candidate("b", b)])
    if found:
        return found[0].score
    if compare(parse_place(a), parse_place(b)).conflict:
        return 0.0
    return round(0.3 * _alike(_profile(a)[1], _profile(b)[1]), 3)
