"""What every template knows as `ui`: the reader's preferences, the viewer, the bars. Nothing is fetched unasked."""

from __future__ import annotations

from functools import cached_property

from django.http import HttpRequest

from fuhui.shared.ui.navigation import Bars, address_of, bars_for, unread_for, unread_href
from fuhui.shared.viewers import VISITOR, Viewer

TYPE_COOKIE = "fuhui_type"
THEME_COOKIE = "fuhui_theme"
THEMES = frozenset({"light", "dark"})


class Shell:
    """Preferences and bars of one request; each property is reckoned when a template first uses it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.path = request.path

    @cached_property
    def large(self) -> bool:
        """True where the reader chose large type (长辈模式)."""
        return self.request.COOKIES.get(TYPE_COOKIE) == "large"

    @cached_property
    def theme(self) -> str:
        """`light`, `dark`, or empty: as the device says."""
        chosen = self.request.COOKIES.get(THEME_COOKIE, "")
        return chosen if chosen in THEMES else ""

    @cached_property
    def viewer(self) -> Viewer:
        """Who looks; a visitor where the request never reached the accounts' middleware."""
        found = getattr(self.request, "viewer", VISITOR)
        return found if isinstance(found, Viewer) else VISITOR

    @cached_property
    def bars(self) -> Bars:
        """The pages in the bars for the viewer's roles."""
        return bars_for(frozenset(self.viewer.roles))

    @cached_property
    def here(self) -> str:
        """Address of the bar item that this page belongs to: the longest one that the path starts with."""
        return max((link.href for link in self.bars.every if self._covers(link.href)), key=len, default="")

    @cached_property
    def unread(self) -> int:
        """How many messages wait; one statement, only where a template shows it."""
        return unread_for(self.viewer)

    @property
    def unread_href(self) -> str:
        """Address of the page with the messages."""
        return unread_href()

    @property
    def address(self) -> str:
        """This page's own address, to come back to."""
        return self.request.get_full_path()

    @property
    def type_href(self) -> str:
        """Where the large type switch posts to."""
        return address_of("ui:type")

    @property
    def theme_href(self) -> str:
        """Where the colour switch posts to."""
        return address_of("ui:theme")

    @property
    def sign_in(self) -> str:
        """Address of the sign-in page."""
        return address_of("account_login")

    @property
    def sign_out(self) -> str:
        """Address of the sign-out page."""
        return address_of("account_logout")

    def _covers(self, href: str) -> bool:
        return self.path == href if href == "/" else self.path.startswith(href)


def page(request: HttpRequest) -> dict[str, object]:
    """Context processor: `ui`."""
    return {"ui": Shell(request)}
