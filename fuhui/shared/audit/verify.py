"""Checks every chain again from its first entry. Hashes here in Python; the database only hands out the text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connections, transaction

from fuhui.shared.audit.canonical import CANONICAL, INSTALLATION

_BATCH = 2000
_ROWS = (
    f"SELECT coalesce(e.community_id, '{INSTALLATION}'), e.seq, e.id, e.prev, e.hash, {CANONICAL}"  # noqa: S608
    " FROM audit_entry e ORDER BY e.community_id, e.seq"
)
_HEADS = "SELECT chain, seq, hash FROM audit_chain ORDER BY chain"
_LATEST = 5000  # entries that a page can check while somebody waits
_HEAD = "SELECT seq, hash FROM audit_chain WHERE chain = %s"
_TAIL = (
    f"SELECT e.seq, e.id, e.prev, e.hash, {CANONICAL} FROM audit_entry e"  # noqa: S608
    " WHERE e.community_id IS NOT DISTINCT FROM %s AND e.seq BETWEEN %s AND %s ORDER BY e.seq"
)
# One moment for entries and heads, however long the reading takes.
_ONE_MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"


@dataclass(frozen=True)
class Problem:
    """One broken place. `what`: content, link, gap, unsealed, tail or head; `message` says it in Chinese."""

    chain: UUID
    seq: int | None
    entry_id: UUID | None
    what: str
    message: str


@dataclass
class Head:
    """Where a chain stands: number of the last entry and its hash. The community's chain id, or zeros."""

    chain: UUID
    seq: int = 0
    hash: bytes = b""


@dataclass
class Report:
    """What a check found: entries read, problems, and the heads as recomputed (to be noted down elsewhere)."""

    entries: int = 0
    problems: list[Problem] = field(default_factory=list)
    heads: dict[UUID, Head] = field(default_factory=dict)


def verify_chains(using: str = "owner") -> list[Problem]:
    """Every broken place of every chain that the connection sees; empty when all is whole."""
    return check(using).problems


def check(using: str = "owner") -> Report:
    """Reads all entries once, in constant memory. As the owner every chain, as the application the scope's."""
    report = Report()
    with transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute(_ONE_MOMENT)
        for row in _stream(using):
            report.entries += 1
            head = report.heads.setdefault(row[0], Head(row[0]))
            report.problems += _problems(head, *row[1:])
        report.problems += _compare_heads(using, report.heads)
    return report


def check_latest(community_id: UUID | None, most: int = _LATEST) -> Report:
    """Checks the last entries of one chain with the application's own rights, inside the current scope.

    The entry before the first one is taken on trust. Entries that never reached the chain are found by `check` only.
    """
    chain = community_id or UUID(INSTALLATION)
    report = Report()
    with connections["default"].cursor() as cursor:
        cursor.execute(_HEAD, [chain])
        stored = cursor.fetchone()
        if stored is None:
            return report
        first = max(1, stored[0] - most + 1)
        # The head was read before the entries: what is sealed in between lies behind it and is left for next time.
        cursor.execute(_TAIL, [community_id, first, stored[0]])
        rows = cursor.fetchall()
    trusted = bytes(rows[0][2] or b"") if rows and first > 1 else b""
    head = report.heads.setdefault(chain, Head(chain, first - 1, trusted))
    for row in rows:
        report.entries += 1
        report.problems += _problems(head, *row)
    ending = _compare(chain, stored[0], bytes(stored[1]), head)
    report.problems += [ending] if ending else []
    return report


def _stream(using: str) -> Iterator[tuple[Any, ...]]:
    with connections[using].chunked_cursor() as cursor:
        cursor.cursor.itersize = _BATCH  # how many rows come at a time
        cursor.execute(_ROWS)
        yield from cursor


def _problems(
    head: Head, seq: int | None, entry_id: UUID, prev: bytes | None, stored: bytes | None, text: str
) -> list[Problem]:
    """What is wrong with the next entry of a chain; moves the head on to it."""
    if seq is None or stored is None:
        return [Problem(head.chain, seq, entry_id, "unsealed", "这条记录绕过了封存，没有进入哈希链。")]
    found = []
    if seq != head.seq + 1:
        found.append(("gap", f"第 {head.seq + 1} 至 {seq - 1} 条记录缺失。"))
    elif bytes(prev or b"") != head.hash:
        found.append(("link", f"与第 {head.seq} 条记录的哈希不衔接。"))
    if hashlib.sha256(text.encode()).digest() != bytes(stored):
        found.append(("content", "内容与封存时的哈希不符，记录被改动过。"))
    head.seq, head.hash = seq, bytes(stored)
    return [Problem(head.chain, seq, entry_id, what, message) for what, message in found]


def _compare_heads(using: str, found: dict[UUID, Head]) -> list[Problem]:
    with connections[using].cursor() as cursor:
        cursor.execute(_HEADS)
        stored = {chain: (seq, bytes(digest)) for chain, seq, digest in cursor.fetchall()}
    problems = [_compare(chain, seq, digest, found.get(chain, Head(chain))) for chain, (seq, digest) in stored.items()]
    problems += [
        Problem(chain, head.seq, None, "head", "链头登记不见了。")
        for chain, head in found.items()
        if head.seq and chain not in stored
    ]
    return [problem for problem in problems if problem]


def _compare(chain: UUID, seq: int, digest: bytes, head: Head) -> Problem | None:
    if head.seq < seq:
        return Problem(chain, seq, None, "tail", f"末尾第 {head.seq + 1} 至 {seq} 条记录被删除。")
    if head.seq > seq or head.hash != digest:
        return Problem(chain, seq, None, "head", f"链头登记为第 {seq} 条，与最后一条记录（第 {head.seq} 条）不符。")
    return None
