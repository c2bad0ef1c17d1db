"""Accounts of the demo and what each may do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from fuhui.config.demo.roster import NAMES, NEIGHBOURS, PASSWORD, STREET, WORKERS, Neighbour
from fuhui.config.demo.world import Block, Town, act
from fuhui.registry.accounts.actions import change_account, create_account, grant_role
from fuhui.registry.accounts.queries import active_account_named, viewer_of
from fuhui.shared.viewers import Role, Viewer, system

SINCE = date(2025, 1, 1)
_ROUNDS = 10_000


@contextmanager
def quick_hashes() -> Iterator[None]:
    """The password of the demo is printed on the screen, so hashing it forty times at full strength guards nothing;
    Django does it again at full strength when somebody signs in."""
    usual = PBKDF2PasswordHasher.iterations
    PBKDF2PasswordHasher.iterations = _ROUNDS
    try:
        yield
    finally:
        PBKDF2PasswordHasher.iterations = usual


def hire(town: Town) -> None:
    """Everybody of 福惠社区, and who looks after the whole installation."""
    town.secretary = _account(town, "chen", Role.SECRETARY)
    town.staff = [_account(town, "sun", Role.COMMUNITY_STAFF)]
    for worker in WORKERS:
        grid = next(block.grid_id for block in town.blocks if block.grid == worker.grid)
        town.workers[worker.grid] = _account(town, worker.username, Role.GRID_WORKER, name=worker.name, grid_id=grid)
    town.resident = _account(town, "wang", Role.RESIDENT)
    _account(town, "lin", Role.VOLUNTEER)
    _account(town, "song", Role.HEALTH_WORKER)
    for unit, username, name in (("物业", "ma", ""), ("城管", "cheng", "于振海")):
        town.leaders[unit] = _account(
            town, username, Role.ORGANISATION_LEADER, name=name, organisation_id=town.units[unit]
        )
    _account(town, "shen", Role.AUDITOR)
    _account(None, "fang", Role.OPERATOR)


def hire_street(towns: list[Town]) -> None:
    """The street officer, after all communities are open."""
    officer = _account(None, "liu", Role.STREET_OFFICER, region_code=STREET)
    for town in towns:
        town.street = officer


def hire_neighbour(town: Town, neighbour: Neighbour) -> None:
    """Its secretary and three grid workers."""
    (secretary, name), *workers = neighbour.staff
    town.secretary = _account(town, secretary, Role.SECRETARY, name=name)
    town.staff = [town.secretary]
    for number, (username, name) in enumerate(workers, 1):
        grid = next(block.grid_id for block in town.blocks if block.grid == number)
        town.workers[number] = _account(town, username, Role.GRID_WORKER, name=name, grid_id=grid)


def hire_neighbours(towns: list[Town]) -> None:
    """All of them, in the order of the roster."""
    for town, neighbour in zip(towns, NEIGHBOURS, strict=True):
        hire_neighbour(town, neighbour)


def link_resident(town: Town, person_id: Any) -> None:
    """Wang's account is that of a registered resident."""
    if town.resident and town.resident.account_id:
        link_account(town, "wang", person_id)
        town.resident = fresh("wang")


def link_account(town: Town, username: str, person_id: Any) -> None:
    """This account is that of a registered resident."""
    act(town.system(), change_account, account_id=fresh(username).account_id, display_name=NAMES[username],
        person_id=person_id)


def fresh(username: str) -> Viewer:
    """The viewer that this account is now."""
    return viewer_of(active_account_named(username))


def home_of(town: Town, grid: int) -> list[Block]:
    """Buildings of a grid."""
    return [block for block in town.blocks if block.grid == grid]


def _account(town: Town | None, username: str, role: Role, *, name: str = "", **where: Any) -> Viewer:
    by = town.system() if town else system("demo")
    if town:
        where["community_id"] = town.id
    made = act(by, create_account, username=username, display_name=name or NAMES[username], password=PASSWORD)
    act(by, grant_role, account_id=made.account.id, role=role, since=SINCE, **where)
    return viewer_of(made.account)
