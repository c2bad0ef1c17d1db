"""The default service catalogue: 五帮 × 五送, the same five for everybody, and one for all else."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Whom the community helps (五帮), and what it brings (五送), in the order of the matrix.
HELPS = (
    ("empty_nest", "空巢老人"),
    ("disabled", "残疾人"),
    ("migrant_worker", "农民工"),
    ("single_mother", "单身母亲"),
    ("hardship", "困难家庭"),
)
SENDS = (
    ("warmth", "送温暖"),
    ("health", "送健康"),
    ("clean", "送清洁"),
    ("culture", "送文化"),
    ("skill", "送技能"),
)
ALL, ALL_NAME = "all", "全体居民"
OTHER = "other"
CODE = re.compile(r"[a-z][a-z0-9_]{0,29}(\.[a-z][a-z0-9_]{0,29})?")


@dataclass(frozen=True)
class Kind:
    """One kind of service. `help` and `send` are its row and column of the matrix, '' outside it."""

    code: str
    name: str
    send: str = ""
    send_name: str = ""
    help: str = ""
    help_name: str = ""
    order: int = 100
    is_active: bool = True


def default_kinds() -> list[Kind]:
    """The 25 of the matrix (`health.empty_nest`), five for everybody (`health.all`), and `other`."""
    kinds = [
        Kind(f"{send}.{whom}", f"{send_name}·{whom_name}", send, send_name, whom, whom_name)
        for whom, whom_name in (*HELPS, (ALL, ALL_NAME))
        for send, send_name in SENDS
    ]
    return [*(_placed(kind, place) for place, kind in enumerate(kinds, 1)), Kind(OTHER, "其他服务", order=900)]


def _placed(kind: Kind, place: int) -> Kind:
    return Kind(**{**kind.__dict__, "order": place * 10})
