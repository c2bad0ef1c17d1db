"""The permission table: what every address answers to every role. `python -m tests.permissions --write` makes it anew.

The answers are real ones: each address is asked by a signed-in client of each role, inside a transaction that is
rolled back, for objects of the own community and of a community of another street.
"""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.core.handlers.base import BaseHandler
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from fuhui.shared.viewers import Viewer
from tests.town import ROLES, Town

TABLE = Path(__file__).resolve().parents[1] / "docs" / "permissions.csv"
HEAD = ("name", "method", "address", "place", *ROLES)
WRITE = "FUHUI_WRITE_PERMISSIONS"
BACKEND = "fuhui.registry.accounts.sessions.AccountBackend"
Key = tuple[str, str, str, str]
Answers = dict[Key, tuple[str, ...]]

_SLOT = re.compile(r"<(?:\w+:)?(\w+)>")
# Addresses that are for everybody, whatever community they name.
PUBLIC = frozenset({
    "desk:community", "places:board", "cases:report", "cases:track", "cases:track-photo", "cases:find",
    "cases:public", "cases:public-one", "wishes:wall", "wishes:print", "wishes:new", "wishes:wish",
    "activities:list", "activities:activity", "activities:ticket", "activities:results",
    "volunteers:proof", "activities:feed", "activities:own-feed",
})
# Lists that take any community and show none of its rows to those who are not of it.
EMPTY_LISTS = frozenset({"api:activities", "api:cases_queue", "api:book_records"})
# The same parameter means another thing in another room.
_MEANINGS = {("people", "batch_id"): "import_id", ("chat", "batch_id"): "chat_id", ("cases", "token"): "track",
             ("activities", "token"): "ticket", ("activities", "entry_id"): "contest_entry_id",
             ("api", "entry_id"): "contest_entry_id",
             ("volunteers", "token"): "proof",
             ("volunteers", "account_id"): "bank_account_id", ("volunteers", "entry_id"): "bank_entry_id"}
_STEPS = ("reply", "escalate", "street_reply", "supervise", "decide_extension", "add_photo")
_DEEDS = ("change", "set-password", "remove-factor", "deactivate", "reactivate", "grant", "end-grant")
_STATUS = {401: "login", 403: "no", 404: "hidden", 405: "n/a", 400: "form", 409: "form", 422: "form", 429: "form"}
# Pages that ask who somebody is: password, second factor, the phone that a matter was raised with.
_SIGN_IN = ("/accounts/login/", "/accounts/reauthenticate/", "/accounts/2fa/reauthenticate/", "/find/")


@dataclass(frozen=True)
class Variant:
    """One way to fill an address: words for its parameters, a query, and what is sent. `{…}` is an object's id."""

    words: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    sent: dict[str, str] = field(default_factory=dict)


def _chosen(*names: str, **words: str) -> tuple[Variant, ...]:
    pairs = zip(names[::2], names[1::2], strict=True)
    return (Variant(words), *(Variant(words, query={name: value}) for name, value in pairs))


_MARCH = {"community": "{community_id}", "since": "2026-03-01", "until": "2026-03-31"}
_SERVICE = {
    "community": "{community_id}", "key": "k", "kind": "other", "title": "量血压", "minutes": "30",
    "occurred_at": "2026-03-02T09:30:00+08:00",
}

VARIANTS: dict[str, tuple[Variant, ...]] = {
    "cases:step": tuple(Variant({"step": step}, sent={"note": "已经看过"}) for step in _STEPS),
    "api:cases_step": tuple(
        Variant({"step": step}, sent={"note": "已经看过"}) for step in ("reply", "escalate", "street_reply", "urge")
    ),
    "api:cases_create": (Variant(sent={"community": "{community_id}", "text": "灯坏了"}),),
    "api:chats_create": (Variant(sent={"community": "{community_id}", "text": "灯坏了"}),),
    "api:cases_queue": _chosen("community", "{community_id}"),
    "calendar:year": _chosen("community", "{community_id}"),
    "calendar:enter_own_days": (Variant(sent={"community": "{community_id}"}),),
    "calendar:drop_own": (Variant(sent={"community": "{community_id}"}),),
    "cases:queue": _chosen("open", "{case_id}"),
    "cases:new": _chosen("community", "{community_id}"),
    "cases:rules": _chosen("community", "{community_id}"),
    "cases:approvals": _chosen("community", "{community_id}"),
    **{f"cases:rule{part}": (Variant({"kind": "routing"}),) for part in ("", "-new", "-try", "-switch", "-move")},
    "places:poster": (Variant({"kind": "grid", "place_id": "{grid_id}"}),
                      Variant({"kind": "building", "place_id": "{building_id}"})),
    "places:poster-code": (Variant({"kind": "grid", "place_id": "{grid_id}"}),),
    "accounts:deed": tuple(Variant({"deed": deed}) for deed in _DEEDS),
    "accounts:tokens": _chosen("account", "{account_id}"),
    "accounts:community": (Variant(sent={"community_id": "{community_id}"}),),
    "files:file": (Variant({"size": "thumb"}), Variant({"size": "thumb"}, query={"in": "{community_id}"})),
    "figures:figures": _chosen("community", "{community_id}"),
    "figures:records": (Variant({"key": "response", "part": "denominator"}),
                        Variant({"key": "response", "part": "denominator"}, query={"community": "{community_id}"})),
    "audit:entries": (*_chosen("in", "{community_id}"), Variant(query={"in": "installation"})),
    "audit:export": (Variant(sent={"in": "{community_id}"}), Variant(sent={"in": "installation"})),
    "audit:check": (Variant(sent={"in": "{community_id}"}), Variant(sent={"in": "installation"})),
    "people:reveal": (Variant(sent={"reason": "电话联系随访"}),),
    "people:merge": (Variant(query={"keep": "{person_id}"}, sent={"keep": "{person_id}"}),),
    "people:status": (Variant(sent={"status": "moved_out", "version": "1"}),),
    "activities:ticket": (Variant(sent={"do": "leave"}),),
    "activities:desk": _chosen("community", "{community_id}"),
    "activities:plan": _chosen("community", "{community_id}"),
    "activities:meeting": (Variant(sent={"do": "limit", "each": "3"}),
                           Variant(sent={"do": "add", "title": "钓鱼", "measure": "points", "lanes": "4"})),
    "activities:helpers": (Variant(sent={"do": "helpers", "roll": "李桂芳"}),),
    "activities:contest": (Variant(sent={"do": "edit", "title": "托球跑", "measure": "time", "lanes": "4"}),
                           Variant(sent={"do": "remove"})),
    "api:activities_contest_add": (Variant(sent={"title": "钓鱼", "measure": "points"}),),
    "api:activities_contest_edit": (Variant(sent={"title": "托球跑", "measure": "time"}),),
    "api:activities_contest_limit": (Variant(sent={"most": "3"}),),
    "activities:record": (Variant(sent={"do": "approve"}), Variant(sent={"do": "cancel", "reason": "停电"}),
                          Variant(sent={"do": "check_in", "signup": "{signup_id}"}),
                          Variant(sent={"do": "close"})),
    "wishes:desk": _chosen("community", "{community_id}"),
    "wishes:enter": _chosen("community", "{community_id}"),
    "wishes:record": (Variant(sent={"do": "approve", "title": "两盏灯"}),
                      Variant(sent={"do": "confirm", "claim": "{claim_id}"}),
                      Variant(sent={"do": "deliver", "claim": "{claim_id}", "minutes": "30"})),
    "wishes:my-claim": tuple(Variant({"deed": deed}, sent={"minutes": "30", "reason": "出差"})
                             for deed in ("deliver", "return", "confirm")),
    "wishes:my-wish": tuple(Variant({"deed": deed}) for deed in ("thank", "withdraw")),
    "ui:sample": (Variant({"name": "worker"}),),
    "volunteers:places": (Variant(sent={"capacity": "6"}),),
    "volunteers:cancel": (Variant(sent={"why": "下雨"}),),
    "volunteers:withdraw": (Variant(sent={"why": "下雨"}),),
    "volunteers:state": (Variant(sent={"state": "paused"}),),
    "volunteers:ask": (Variant(sent={"team_id": "{team_id}"}),),
    "volunteers:answer": (Variant({"kind": "appeal"}, sent={"answer": "知道了"}),),
    "volunteers:hand": (Variant(sent={"do": "absent", "why": "没有来"}),),
    "volunteers:revoke": (Variant(sent={"why": "写错了"}),),
    "volunteers:record": (Variant(sent={"do": "merit", "kind": "praise", "title": "优秀", "on": "2026-03-02"}),),
    "volunteers:take-back": (Variant(sent={"why": "再核对"}),),
    "volunteers:object": (Variant(sent={"words": "那天没有来"}),),
    "volunteers:explain": (Variant(sent={"words": "发烧"}),),
    "volunteers:bank-move": tuple(Variant(query={"do": do}) for do in ("ask", "gift", "draw")),
    "volunteers:feedback-answer": (Variant(sent={"answer": "已道歉"}),),
    "volunteers:bank-entry": (Variant(sent={"why": "记错了"}),),
    "ledger:behind": (Variant({"room": "book", "code": "sessions"}),),
    "ledger:reverse": (Variant(sent={"reason": "写错了"}),),
    "api:book_figures": (Variant(query=_MARCH),),
    "api:book_records": (Variant(query=_MARCH),),
    "api:book_write": (Variant(sent=_SERVICE),),
    "api:book_reverse": (Variant(sent={"reason": "写错了"}),),
    "cases:track-photo": (Variant({"size": "thumb"}),),
    "cases:found-photo": (Variant({"size": "thumb"}),),
}


@dataclass(frozen=True)
class Request:
    """One row to ask: its name in the URL map, the method, the address with its slots, and its filling."""

    name: str
    method: str
    address: str
    variant: Variant

    @property
    def shown(self) -> str:
        """The address as in the table: chosen words filled in, objects left as `<person_id>`."""
        filled = _SLOT.sub(lambda slot: _slot(self.variant.words.get(slot[1], f"{{{slot[1]}}}")), self.address)
        query = "&".join(f"{name}={_slot(value)}" for name, value in self.variant.query.items())
        sent = " ".join(f"{name}={_slot(value)}" for name, value in self.variant.sent.items())
        return f"/{filled}" + (f"?{query}" if query else "") + (f" ({sent})" if sent and self.method == "POST" else "")

    @property
    def places(self) -> tuple[str, ...]:
        """`own` and `other` where an object is named, else only `own`."""
        return ("own", "other") if "<" in self.shown else ("own",)

    def path(self, objects: dict[str, Any]) -> str:
        """The address of one community's objects."""
        room = self.name.partition(":")[0]

        def fill(slot: re.Match[str]) -> str:
            word = self.variant.words.get(slot[1])
            return str(_value(word, objects) if word else objects[_MEANINGS.get((room, slot[1]), slot[1])])

        query = urlencode({name: _value(value, objects) for name, value in self.variant.query.items()})
        return "/" + _SLOT.sub(fill, self.address) + (f"?{query}" if query else "")

    def body(self, objects: dict[str, Any]) -> dict[str, Any]:
        """What a POST sends: nothing, or what chooses the object."""
        return {name: str(_value(value, objects)) for name, value in self.variant.sent.items()}


def _slot(word: str) -> str:
    return word.replace("{", "<").replace("}", ">")


def _value(word: str, objects: dict[str, Any]) -> Any:
    return objects[word[1:-1]] if word.startswith("{") else word


def requests() -> list[Request]:
    """Everything that the URL map and the API can be asked."""
    return [
        Request(name, method, address, variant)
        for name, address, methods in _addresses(get_resolver().url_patterns)
        for method in methods
        for variant in VARIANTS.get(name, (Variant(),))
    ]


def _addresses(patterns: Any, prefix: str = "", room: str = "") -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for entry in patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _addresses(entry.url_patterns, address, f"{entry.namespace}:" if entry.namespace else room)
        elif isinstance(entry, URLPattern):
            yield from _operations(entry, address, room)


def _operations(entry: URLPattern, address: str, room: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    yield f"{room}{entry.name or address}", address, _api_methods().get(entry.name or "", ("GET", "POST"))


@cache
def _api_methods() -> dict[str, tuple[str, ...]]:
    """Methods of the API's operations by their names in the URL map."""
    from fuhui.config.api import api

    return {
        operation.url_name: tuple(operation.methods)
        for _, router in api._routers
        for view in router.path_operations.values()
        for operation in view.operations
        if operation.url_name
    }


def ask_all(town: Town) -> Answers:
    """The whole table. A method that an address does not know is left out."""
    browsers = {role: Browser(viewer) for role, viewer in town.people.items()}
    answers: Answers = {}
    for request in requests():
        for place in request.places:
            objects = town.own if place == "own" else town.other
            if browsers["operator"].ask(request, objects) == "n/a":
                break  # the address knows no such method, whoever asks
            row = tuple(browsers[role].ask(request, objects) for role in ROLES)
            answers[(request.name, request.method, request.shown, place)] = row
    return _folded(answers)


def _folded(answers: Answers) -> Answers:
    """GET and POST as one row where an address answers both alike."""
    rows: Answers = {}
    for (name, method, shown, place), row in answers.items():
        got, sent = (name, "GET", shown, place), (name, "POST", shown, place)
        if answers.get(got) == answers.get(sent) == row:
            rows[(name, "GET POST", shown, place)] = row
        else:
            rows[(name, method, shown, place)] = row
    return rows


class Browser:
    """Somebody who asks, signed in where the role has an account. What a request changes is taken back."""

    def __init__(self, viewer: Viewer) -> None:
        self.factory = RequestFactory(headers={"host": "testserver"})
        self.handler = BaseHandler()
        self.handler.load_middleware()
        if viewer.account_id:
            from fuhui.registry.accounts.models import Account

            client = Client()
            client.force_login(Account.objects.get(pk=str(viewer.account_id)), backend=BACKEND)
            self.factory.cookies = client.cookies

    def ask(self, request: Request, objects: dict[str, Any]) -> str:
        """The outcome of one request, in a word."""
        more: dict[str, Any] = {"content_type": "application/json"} if request.name.startswith("api:") else {}
        asked: Any = (
            self.factory.get(request.path(objects)) if request.method == "GET"
            else self.factory.post(request.path(objects), request.body(objects), **more)
        )
        asked._dont_enforce_csrf_checks = True
        with transaction.atomic():
            response: Any = self.handler.get_response(asked)
            found = outcome(response)
            for close in response._resource_closers:
                close()
            transaction.set_rollback(True)
        return found


def outcome(response: HttpResponseBase) -> str:
    """An answer in one word."""
    status = response.status_code
    if status in {301, 302, 303, 307}:
        return "login" if response["Location"].startswith(_SIGN_IN) else "ok"
    return "ok" if status < 300 else _STATUS.get(status, f"broken {status}")


def read() -> Answers:
    """The table as reviewed."""
    with TABLE.open(encoding="utf-8-sig", newline="") as file:
        return {(row[0], row[1], row[2], row[3]): tuple(row[4:]) for row in list(csv.reader(file))[1:]}


def write(answers: Answers) -> None:
    """Puts the table into its file, in the order of the URL map."""
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([HEAD, *((*key, *row) for key, row in answers.items())])


def differences(reviewed: Answers, found: Answers) -> list[str]:
    """In words: addresses without a row, rows without an address, and every answer that changed."""
    said = [f"{' '.join(key)}: no row yet; run python -m tests.permissions --write and review it"
            for key in found.keys() - reviewed.keys()]
    said += [f"{' '.join(key)}: the row has no address any more" for key in reviewed.keys() - found.keys()]
    for key in found.keys() & reviewed.keys():
        said += [f"{' '.join(key)}: {role} gets “{now}”, reviewed was “{before}”"
                 for role, before, now in zip(ROLES, reviewed[key], found[key], strict=True) if before != now]
    return sorted(said)


def main() -> int:
    """Compares, or with --write makes the table anew; in a pytest of its own, for the town's database is its."""
    test = TABLE.parents[1] / "tests" / "architecture" / "test_permissions.py"
    wish = {WRITE: "yes"} if "--write" in sys.argv else {}
    return subprocess.run([sys.executable, "-m", "pytest", "-q", str(test)], env={**os.environ, **wish}).returncode


if __name__ == "__main__":
    sys.exit(main())
