"""What the top and bottom bars hold: rooms register their pages in `AppConfig.ready()`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from django.core.checks import CheckMessage, Warning
from django.urls import NoReverseMatch, reverse

from fuhui.shared.viewers import Role, Viewer

PLACES_ON_A_PHONE = 5
# What stands in one line beside the brand and the tools at 1,100 pixels, also in large type.
PLACES_AT_THE_DESK = 8
CHARACTERS_AT_THE_DESK = 22

UnreadCounter = Callable[[Viewer], int]


@dataclass(frozen=True)
class NavItem:
    """A page in the bars; `roles` None shows it to everybody, visitors too."""

    label: str
    url_name: str
    icon: str
    roles: frozenset[Role] | None = None
    order: int = 100


class Link(NamedTuple):
    """A page in the bars, ready to be shown."""

    label: str
    href: str
    icon: str


class Bars(NamedTuple):
    """The first ones for the top bar at the desk and for a phone's bottom bar; what each leaves out is in the menu."""

    top: tuple[Link, ...]
    bottom: tuple[Link, ...]
    more: tuple[Link, ...]
    rest: tuple[Link, ...]

    @property
    def every(self) -> tuple[Link, ...]:
        """All pages of these roles."""
        return self.top + self.rest


_items: dict[tuple[str, str], NavItem] = {}
_unread: list[tuple[UnreadCounter, str]] = []


def register(item: NavItem) -> None:
    """Adds a page to the bars, once per URL name and label: one page may have two names for two roles."""
    _items[(item.url_name, item.label)] = item
    bars_for.cache_clear()


def count_unread_with(counter: UnreadCounter, url_name: str = "") -> None:
    """Sets who counts a viewer's unread messages, and the page that lists them; asked only where it is shown."""
    _unread[:] = [(counter, url_name)]


def unread_for(viewer: Viewer) -> int:
    """How many messages wait for the viewer; 0 for visitors and where nobody counts."""
    return _unread[0][0](viewer) if _unread and viewer.is_signed_in else 0


def unread_href() -> str:
    """Address of the page with the messages; empty where there is none."""
    return address_of(_unread[0][1]) if _unread else ""


@lru_cache(maxsize=256)
def bars_for(roles: frozenset[Role]) -> Bars:
    """The bars of everybody who holds exactly these roles."""
    seen = sorted((item for item in _items.values() if item.roles is None or item.roles & roles), key=_by_order)
    links = tuple(Link(item.label, href, item.icon) for item in seen if (href := address_of(item.url_name)))
    on_phone = links if len(links) <= PLACES_ON_A_PHONE else links[: PLACES_ON_A_PHONE - 1]
    at_desk = _at_the_desk(links)
    return Bars(at_desk, on_phone, links[len(on_phone) :], links[len(at_desk) :])


def _at_the_desk(links: tuple[Link, ...]) -> tuple[Link, ...]:
    sums = accumulate(len(one.label) for one in links)
    fit = sum(1 for so_far in sums if so_far <= CHARACTERS_AT_THE_DESK)
    return links[: min(fit, PLACES_AT_THE_DESK if len(links) <= PLACES_AT_THE_DESK else PLACES_AT_THE_DESK - 1)]


@lru_cache(maxsize=64)
def address_of(url_name: str) -> str:
    """The address of a named page; empty where no such page is wired (see the check below)."""
    try:
        return reverse(url_name) if url_name else ""
    except NoReverseMatch:
        return ""


def check_addresses(**_: object) -> list[CheckMessage]:
    """System check: every registered page has an address."""
    lost = [item for item in _items.values() if not address_of(item.url_name)]
    return [Warning(f"navigation: no page named {item.url_name!r} ({item.label})", id="ui.W001") for item in lost]


def _by_order(item: NavItem) -> tuple[int, str]:
    return item.order, item.label
