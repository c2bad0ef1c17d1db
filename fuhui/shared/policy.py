"""The answer of a policy function: whether, and in words why not."""

from __future__ import annotations

from typing import NamedTuple

from fuhui.shared.errors import NotAllowed


class Decision(NamedTuple):
    """`allowed`, a `code` for programs and a `message` that a page shows beside a disabled button."""

    allowed: bool
    code: str = "ok"
    message: str = ""

    def require(self) -> None:
        """Raises NotAllowed with the same code and message when the answer is no."""
        if not self.allowed:
            raise NotAllowed(self.code, self.message)


ALLOWED = Decision(allowed=True)


def refuse(code: str, message: str) -> Decision:
    """A no with its reason."""
    return Decision(allowed=False, code=code, message=message)
