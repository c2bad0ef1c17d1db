"""Character n-grams of many texts at once, as a sparse matrix: whole arrays instead of a loop per character."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]
Ints: TypeAlias = NDArray[np.int64]
OPEN, CLOSE = "\x02", "\x03"
BATCH_CHARACTERS = 1_000_000
_MIX = np.uint64(0xFF51AFD7ED558CCD)
_SEED = 0x9E3779B97F4A7C15
_HALF = np.uint64(32)


@dataclass(frozen=True, slots=True)
class Sparse:
    """Rows of (column, value): row ``r`` is ``columns[starts[r]:starts[r + 1]]``, each column once, ascending."""

    starts: Ints
    columns: Ints
    values: Floats

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def owners(self) -> Ints:
        """The row of every entry."""
        return np.repeat(np.arange(len(self), dtype=np.int64), np.diff(self.starts))

    def take(self, rows: Ints) -> Sparse:
        """The chosen rows, in the order chosen."""
        lengths = np.diff(self.starts)[rows]
        starts = np.concatenate(([0], np.cumsum(lengths)))
        at = np.repeat(self.starts[rows] - starts[:-1], lengths) + np.arange(starts[-1])
        return Sparse(starts, self.columns[at], self.values[at])

    def keep(self, wanted: NDArray[np.bool_]) -> Sparse:
        """Without the entries that are not wanted."""
        passed = np.concatenate(([0], np.cumsum(wanted)))
        return Sparse(passed[self.starts], self.columns[wanted], self.values[wanted])

    def turned(self, width: int) -> Sparse:
        """Rows and columns exchanged; ``width`` is the number of columns."""
        order = np.argsort(self.columns, kind="stable")
        starts = np.concatenate(([0], np.cumsum(np.bincount(self.columns, minlength=width))))
        return Sparse(starts, self.owners[order], self.values[order])

    def scaled(self, values: NDArray[np.floating]) -> Sparse:
        """Other values in the same places, each row of Euclidean length 1."""
        owners = self.owners
        lengths = np.sqrt(np.bincount(owners, values * values, minlength=len(self)))
        lengths[lengths == 0] = 1
        return Sparse(self.starts, self.columns, (values / lengths[owners]).astype(np.float32))

    def times(self, dense: Floats) -> Floats:
        """The product with a dense matrix, some rows at a time so that memory stays bounded."""
        product = np.zeros((len(self), dense.shape[1]), dtype=np.float32)
        for start in range(0, len(self), 512):
            end = min(start + 512, len(self))
            low, high = self.starts[start], self.starts[end]
            filled = np.flatnonzero(np.diff(self.starts[start : end + 1]))
            if len(filled):
                parts = dense[self.columns[low:high]] * self.values[low:high, None]
                product[start + filled] = np.add.reduceat(parts, self.starts[start + filled] - low, axis=0)
        return product


def stacked(parts: Sequence[Sparse]) -> Sparse:
    """Matrices one below the other."""
    ends = np.cumsum([0, *(part.starts[-1] for part in parts)])
    starts = [part.starts[1:] + end for part, end in zip(parts, ends, strict=False)]
    return Sparse(
        np.concatenate([np.zeros(1, np.int64), *starts]),
        np.concatenate([part.columns for part in parts]), np.concatenate([part.values for part in parts]),
    )  # fmt: skip


def count_grams(texts: Sequence[str], orders: Sequence[int], bits: int) -> Sparse:
    """How often each n-gram of the given lengths stands in each text; columns are ``bits``-wide hashes.

    The ends of a text count as characters. Linear in the length of the texts.
    """
    batches, held, size = [], list[str](), 0
    for text in texts:
        held.append(text)
        size += len(text)
        if size > BATCH_CHARACTERS:
            batches.append(_count(held, orders, bits))
            held, size = [], 0
    if held or not batches:
        batches.append(_count(held, orders, bits))
    return stacked(batches)


def _count(texts: Sequence[str], orders: Sequence[int], bits: int) -> Sparse:
    if not texts:
        return Sparse(np.zeros(1, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32))
    joined = OPEN + (CLOSE + OPEN).join(texts) + CLOSE
    codes = np.frombuffer(joined.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    owner = np.repeat(np.arange(len(texts), dtype=np.int64), [len(text) + 2 for text in texts])
    keys = np.concatenate([_keys(codes, owner, order, bits) for order in orders])
    keys.sort()
    first = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    counts = np.diff(np.append(first, len(keys))).astype(np.float32)
    keys = keys[first]
    starts = np.searchsorted(keys >> bits, np.arange(len(texts) + 1)).astype(np.int64)
    return Sparse(starts, keys & ((1 << bits) - 1), counts)


def _keys(codes: NDArray[np.uint64], owner: Ints, order: int, bits: int) -> Ints:
    """(text, hash) in one number for every n-gram that lies within one text."""
    size = max(0, len(codes) - order + 1)
    mixed = np.full(size, (order * _SEED) & 0xFFFFFFFFFFFFFFFF, dtype=np.uint64)
    for offset in range(order):
        mixed = (mixed ^ codes[offset : offset + size]) * _MIX
        mixed ^= mixed >> _HALF
    within = owner[:size] == owner[order - 1 : order - 1 + size]
    hashes = (mixed >> np.uint64(64 - bits)).astype(np.int64)
    keys: Ints = (owner[:size] << bits | hashes)[within]
    return keys
