"""The town that is measured: one community with twelve grids, its people at the desk, and its many cases."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from bench.capture import captured
from bench.generator import copy_cases
from fuhui.shared.viewers import Role, system

CODE = "370611001038"
TOKEN = "fh_bench"  # noqa: S105 - a database of invented rows
WORDS = ("电梯漏水", "井盖松动", "消防通道被车堵住", "路灯", "楼道")
Work = Callable[[int], tuple[str, str, bytes | None]]


@dataclass
class Town:
    """Ids that requests need."""

    rows: int
    community: UUID
    session: str
    sample: list[UUID]
    page_2000: str
    known: set[str]

    def works(self) -> dict[str, Work]:
        """Name of each work and the request it sends as number n."""
        here = f"community={self.community}"
        return {
            "create": lambda n: ("POST", "/api/cases", self._matter(n)),
            "queue_api": lambda n: ("GET", f"/api/cases?{here}&limit=50", None),
            "queue_api_2000": lambda n: ("GET", f"/api/cases?{here}&limit=50&tab=all&after={self.page_2000}", None),
            "queue_page": lambda n: ("GET", "/queue/", None),
            "case_page": lambda n: ("GET", f"/cases/{self.sample[n % len(self.sample)]}/", None),
            "search_api": lambda n: ("GET", f"/api/cases?{here}&tab=all&words={_quoted(WORDS[n % len(WORDS)])}", None),
        }

    def headers(self, work: str) -> dict[str, str]:
        """A token for the API, a session for pages."""
        if work.endswith("_page"):
            return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={self.session}"}
        return {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}

    def write_floor(self, path: Path, works: dict[str, Work]) -> dict[str, int]:
        """Captures the statements of each work for the floor; returns how many each has."""
        plan: dict[str, Any] = {}
        for name, work in works.items():
            self._send(name, work)
            known = self.known | _latest_cases(self.community)
            plan[name] = {
                "writes": name == "create",
                "statements": captured(partial(self._send, name, work), known=known),
            }
        place = settings.DATABASES["default"]
        path.write_text(
            json.dumps(
                {
                    "place": {"host": place["HOST"], "user": place["USER"], "dbname": place["NAME"]},
                    "communities": str(self.community),
                    "works": plan,
                },
                default=str,
            )
        )
        return {name: len(work["statements"]) for name, work in plan.items()}

    def _send(self, name: str, work: Work) -> None:
        method, path, body = work(0)
        headers = self.headers(name)
        kind = headers.pop("Content-Type", "text/html")
        answer = Client().generic(method, path, body or b"", content_type=kind, headers=headers)
        if answer.status_code >= 300:
            raise RuntimeError(f"{name}: {answer.status_code} {answer.content[:400]!r}")

    def _matter(self, number: int) -> bytes:
        return json.dumps(
            {
                "community": str(self.community),
                "text": f"{number % 30 + 1}号楼2单元楼道灯不亮，老人上下楼看不见，已经三天了",
                "reporter_name": "王阿姨",
                "reporter_phone": "19900000001",
                "request_key": uuid4().hex,
            }
        ).encode()


def prepared_town(rows: int, superuser: psycopg.Connection[Any]) -> Town:
    """The database of this size, made on the first call and kept for the next."""
    with superuser:
        if not _is_ready(superuser):
            call_command("migrate", database="owner", interactive=False, verbosity=0)
            town = _build(rows, superuser)
            superuser.execute("CREATE TABLE bench_town (facts jsonb)")
            superuser.execute("INSERT INTO bench_town VALUES (%s)", [json.dumps(town, default=str)])
            superuser.execute("VACUUM ANALYZE")
        facts = superuser.execute("SELECT facts FROM bench_town").fetchone()
        known = {
            str(row[0])
            for table in (
                "places_grid",
                "places_building",
                "cases_casecategory",
                "accounts_account",
                "places_community",
            )
            for row in superuser.execute(f"SELECT id FROM {table}").fetchall()
        }
    found = facts[0] if facts else {}
    sample = [UUID(one) for one in found["sample"]]
    return Town(rows, UUID(found["community"]), _session(), sample, found["page_2000"], known | set(found["sample"]))


def _is_ready(db: psycopg.Connection[Any]) -> bool:
    return db.execute("SELECT to_regclass('bench_town')").fetchone() != (None,)


def _build(rows: int, db: psycopg.Connection[Any]) -> dict[str, Any]:
    from fuhui.domains.cases.models import CaseCategory
    from fuhui.registry.places.models import Building, Grid
    from fuhui.shared.tenancy.scope import acting

    community, account = _people()
    with acting(system("bench", community)):
        grids = [
            Grid.objects.create(community_id=community, number=number, name=f"第{number}网格").id
            for number in range(1, 13)
        ]
        buildings = [
            Building.objects.create(
                community_id=community, grid_id=grids[number % 12], area="福惠小区", name=f"{number}号楼"
            ).id
            for number in range(1, 41)
        ]
        categories = list(CaseCategory.objects.exclude(parent=None).values_list("id", flat=True))
    sample = copy_cases(
        db, community=community, grids=grids, buildings=buildings, categories=categories, handler=account, count=rows
    )
    return {"community": community, "sample": sample, "page_2000": _cursor_at(db, min(rows - 100, 100_000))}


def bare_community() -> UUID:
    """福惠社区 in an empty database, without anybody."""
    from fuhui.registry.places.models import Community, Region

    parent = None
    for code, level in (
        ("370000000000", "province"),
        ("370600000000", "city"),
        ("370611000000", "district"),
        ("370611001000", "street"),
        (CODE, "community"),
    ):
        parent = Region.objects.create(code=code, name=code, level=level, parent=parent)
    community: UUID = Community.objects.create(region_id=CODE, name="福惠社区").id
    return community


def _people() -> tuple[UUID, UUID]:
    from fuhui.domains.cases.actions.seeding import seed_defaults
    from fuhui.registry.accounts.models import Account, ApiToken, RoleGrant
    from fuhui.registry.accounts.queries import token_hash
    from fuhui.shared.tenancy.scope import acting

    community = bare_community()
    account = Account.objects.create(username="bench", display_name="陈静")
    with acting(system("bench", community)):
        RoleGrant.objects.create(account=account, role=Role.SECRETARY, community_id=community)
        seed_defaults(by=system("bench", community), community_id=community)
    ApiToken.objects.create(
        account=account, name="bench", hash=token_hash(TOKEN), expires_at=timezone.now() + timedelta(days=3650)
    )
    return community, account.id


def _latest_cases(community: UUID) -> set[str]:
    """Cases that a new one may be compared with: they exist, so the floor must not rename them."""
    from fuhui.domains.cases.models import Case
    from fuhui.shared.tenancy.scope import acting

    with acting(system("bench", community)):
        return {str(one) for one in Case.objects.order_by("-id").values_list("id", flat=True)[:500]}


def _session() -> str:
    from fuhui.registry.accounts.models import Account

    browser = Client()
    browser.force_login(
        Account.objects.get(username="bench"), backend="fuhui.registry.accounts.sessions.AccountBackend"
    )
    return str(browser.cookies[settings.SESSION_COOKIE_NAME].value)


def _cursor_at(db: psycopg.Connection[Any], offset: int) -> str:
    import base64

    row = db.execute("SELECT id FROM cases_case ORDER BY id DESC OFFSET %s LIMIT 1", [offset]).fetchone()
    return base64.urlsafe_b64encode(json.dumps([str(row[0])]).encode()).decode().rstrip("=") if row else ""


def _quoted(words: str) -> str:
    from urllib.parse import quote

    return quote(words)
