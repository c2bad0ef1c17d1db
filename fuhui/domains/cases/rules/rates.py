"""The three rates of 接诉即办 with their numerators and denominators.

The published rule names the three indicators (北京市接诉即办工作条例 art 32); how each is reckoned here is this
product's own definition, stated with every figure: what is overdue and still open counts against them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rate:
    """A share of whole things. `share` is None when there is nothing to judge."""

    name: str
    words: str
    numerator: int
    denominator: int

    @property
    def share(self) -> float | None:
        """Between 0 and 1."""
        return self.numerator / self.denominator if self.denominator else None


RESPONSE = ("响应率", "按时首次答复的诉求 ÷ 首次答复期限已到或已答复的诉求（逾期未答复的计入分母）")
SOLUTION = ("解决率", "回访确认已解决的诉求 ÷ 已回访的诉求与逾期仍未办结的诉求")
SATISFACTION = ("满意率", "回访满意或基本满意的诉求 ÷ 已作评价的诉求与逾期仍未办结的诉求")
