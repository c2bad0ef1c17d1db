"""Measuring labels against a transcript labelled by hand."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from fuhui.triage.vocabulary import Label

MATTER = frozenset({"report", "detail", "confirm"})
Truth = Mapping[str, Any]


def score(truths: Sequence[Truth], labels: Sequence[Label]) -> dict[str, Any]:
    """Figures 0..1 with their counts; ``truths`` and ``labels`` go in pairs."""
    pairs = list(zip(truths, labels, strict=True))
    figures: dict[str, Any] = {"messages": len(pairs)}
    figures["matter_f1"] = _f1(
        sum(t["kind"] in MATTER and x.kind in MATTER for t, x in pairs),
        sum(x.kind in MATTER for _, x in pairs), sum(t["kind"] in MATTER for t, _ in pairs),
    )  # fmt: skip
    figures["kind_accuracy"] = round(_share(t["kind"] == x.kind for t, x in pairs), 4)
    figures |= _grouping(pairs)
    figures |= _cases(pairs)
    figures |= _urgency(pairs)
    figures |= _privacy(pairs)
    return figures


def _share(values: Any) -> float:
    found = [bool(value) for value in values]
    return sum(found) / len(found) if found else 1.0


def _f1(right: int, said: int, true: int) -> float:
    return round(2 * right / (said + true), 4) if said + true else 1.0


def _pairs(keys: Sequence[str | None]) -> set[tuple[int, int]]:
    members: dict[str, list[int]] = defaultdict(list)
    for at, key in enumerate(keys):
        if key:
            members[key].append(at)
    return {pair for found in members.values() for pair in combinations(found, 2)}


def _grouping(pairs: Sequence[tuple[Truth, Label]]) -> dict[str, Any]:
    true, said = _pairs([t["case"] for t, _ in pairs]), _pairs([x.case for _, x in pairs])
    right = len(true & said)
    return {
        "pair_f1": _f1(right, len(said), len(true)),
        "pair_precision": round(right / len(said), 4) if said else 1.0,
        "pair_recall": round(right / len(true), 4) if true else 1.0,
    }


def _cases(pairs: Sequence[tuple[Truth, Label]]) -> dict[str, Any]:
    members: dict[str, list[tuple[Truth, Label]]] = defaultdict(list)
    for truth, found in pairs:
        if truth["case"] and truth["kind"] != "staff":
            members[truth["case"]].append((truth, found))
    seen = right = 0
    for items in members.values():
        codes = Counter(x.category for _, x in items if x.category)
        seen += any(x.kind in MATTER for _, x in items)
        allowed = {code for t, _ in items for code in t["category"] or ()}
        right += bool(codes) and codes.most_common(1)[0][0] in allowed
    total = len(members) or 1
    return {
        "cases": len(members), "cases_found": round(seen / total, 4),
        "category_right": round(right / total, 4),
    }  # fmt: skip


def _urgency(pairs: Sequence[tuple[Truth, Label]]) -> dict[str, Any]:
    cases = {t["case"] for t, _ in pairs if t["urgent"]}
    flagged = {t["case"] for t, x in pairs if t["urgent"] and x.urgent}
    wanted = [x.urgent for t, x in pairs if t["urgent"]]
    false = sum(x.urgent and not t["urgent"] for t, x in pairs)
    return {
        "urgent_cases": len(cases), "urgent_cases_flagged": len(flagged),
        "urgent_messages": len(wanted), "urgent_messages_flagged": sum(wanted),
        "false_alarms": round(false / max(1, len(pairs)), 4),
    }  # fmt: skip


def _privacy(pairs: Sequence[tuple[Truth, Label]]) -> dict[str, Any]:
    wanted = covered = said = 0
    for truth, found in pairs:
        strings = [span.text for span in found.private]
        said += len(strings)
        for private in truth["private"]:
            wanted += 1
            covered += any(private in text for text in strings)
    return {"private": wanted, "private_covered": covered, "private_said": said}
