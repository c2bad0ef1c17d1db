"""Near-duplicates: texts that say the same in nearly the same characters, so that they can be kept together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fuhui.triage.grams import Ints, count_grams

BITS = 32
ORDER = 4
SIGNATURES, BAND = 24, 3
_PRIME = 0xFF51AFD7ED558CCD


def twin_groups(texts: Sequence[str]) -> Ints:
    """A group number per text; near-duplicates share one.

    MinHash over runs of four characters, bands of three: texts of which nine tenths agree meet almost surely
    (8 bands: 1 - (1 - .9³)⁸ > .999), texts of which a third agrees seldom do. Linear in length.
    """
    grams = count_grams(texts, (ORDER,), BITS)
    filled = np.flatnonzero(np.diff(grams.starts))
    bands: list[list[int]] = []
    for band in range(SIGNATURES // BAND):
        key = np.zeros(len(filled), dtype=np.uint64)
        for part in range(BAND):
            seed = 2 * (band * BAND + part) + 1
            mixed = (grams.columns.astype(np.uint64) + np.uint64(seed)) * np.uint64(_PRIME * seed % (1 << 64))
            mixed ^= mixed >> np.uint64(29)
            mixed *= np.uint64(_PRIME)
            key = key * np.uint64(_PRIME) + np.minimum.reduceat(mixed, grams.starts[filled]) if len(filled) else key
        bands.append(key.tolist())
    return _merged(bands, filled.tolist(), len(texts))


def _merged(bands: list[list[int]], rows: list[int], total: int) -> Ints:
    parents = list(range(total))

    def root(at: int) -> int:
        while parents[at] != at:
            parents[at] = parents[parents[at]]
            at = parents[at]
        return at

    for keys in bands:
        first: dict[int, int] = {}
        for key, row in zip(keys, rows, strict=True):
            parents[root(row)] = root(first.setdefault(key, row))
    return np.array([root(at) for at in range(total)], dtype=np.int64)


def twin_folds(texts: Sequence[str], folds: int, seed: int = 0) -> Ints:
    """A fold (0..folds-1) per text by chance; near-duplicates fall into the same one."""
    groups = twin_groups(texts)
    drawn: Ints = np.random.default_rng(seed).integers(0, folds, size=len(texts))
    return drawn[groups]
