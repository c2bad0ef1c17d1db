"""Five teams with 826 volunteers, each registered from the team's signed lists as it grew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from random import Random
from typing import NamedTuple
from uuid import UUID

from fuhui.config.demo.world import Town, act
from fuhui.domains.volunteers.actions.registering_list import register_list
from fuhui.domains.volunteers.rules.registration import SKILLS
from fuhui.registry.organisations.actions import add_member
from fuhui.registry.people.models import Person
from fuhui.shared.errors import RuleBroken

# team → how many joined in 2019, 2020 and 2021; 826 together
SIZES: dict[str, tuple[int, int, int]] = {
    "党员队": (118, 52, 42), "青年队": (84, 47, 37), "巾帼队": (102, 46, 38), "慈善义工队": (66, 33, 25),
    "阳光助老队": (74, 35, 27),
}
# between which years the members of a team were born
VOLUNTEER = "林晓峰"
_BORN = {"党员队": (1935, 2000), "青年队": (1980, 2000), "巾帼队": (1955, 1995), "慈善义工队": (1948, 1995),
         "阳光助老队": (1945, 1985)}


class Neighbour(NamedTuple):
    """A resident as a signed list names them."""

    id: UUID
    name: str
    phone: str
    birth: date
    sex: str
    political: str

    @property
    def line(self) -> str:
        """As it stands on a list."""
        return f"{self.name} {self.phone}"


class Roster:
    """The residents who come, and those of them who serve, by team in the order in which they joined."""

    def __init__(self, town: Town, rng: Random) -> None:
        self.town, self.rng = town, rng
        self.neighbours = _neighbours(town)
        self.members: dict[str, list[Neighbour]] = {name: [] for name in SIZES}
        self._waiting = {name: _those(self.neighbours, name, rng) for name in SIZES}
        self._turn = dict.fromkeys(SIZES, 0)

    def enrol(self, place: int) -> None:
        """The lists of the first, second or third year."""
        for name, sizes in SIZES.items():
            chosen = self._next(name, sizes[place])
            roll = "\n".join(f"{one.line} {self._skill()}" for one in chosen)
            found = act(self.town.staff[0], register_list, team_id=self.town.units[name], roll=roll, agreed=True)
            if found.new != sizes[place]:
                raise RuleBroken("demo_roll", f"{name}: {found}")
            if place == 0:
                act(self.town.secretary, add_member, organisation_id=self.town.units[name], person_id=chosen[0].id,
                    title="队长")
            self.members[name] += chosen

    def helpers(self, team: str, count: int) -> list[Neighbour]:
        """Whose turn it is in a team, so that everybody serves about equally often."""
        pool, begin = self.members[team], self._turn[team]
        self._turn[team] = begin + count
        return [pool[(begin + place) % len(pool)] for place in range(min(count, len(pool)))]

    def guests(self, count: int, *, but: Iterable[Neighbour] = ()) -> list[Neighbour]:
        """Residents who come, none of those who help."""
        busy = {one.id for one in but}
        return [one for one in self.rng.sample(self.neighbours, count + len(busy)) if one.id not in busy][:count]

    def _next(self, name: str, count: int) -> list[Neighbour]:
        taken = {one.id for members in self.members.values() for one in members}
        return [one for one in self._waiting[name] if one.id not in taken][:count]

    def _skill(self) -> str:
        return self.rng.choice(list(SKILLS.values()))


def _neighbours(town: Town) -> list[Neighbour]:
    """Everybody old enough to sign for themselves in 2019, in an order that does not depend on their ids."""
    found = Person.objects.filter(community_id=town.id, birth_date__lt=date(2001, 1, 1), phone_index__isnull=False)
    people = [Neighbour(one.pk, one.name, one.phone or "", one.birth_date, one.sex, one.political)
              for one in found.only("pk", "name", "phone", "birth_date", "sex", "political") if one.birth_date]
    return sorted(people, key=lambda one: (one.birth, one.name, one.phone))


def _those(people: Sequence[Neighbour], team: str, rng: Random) -> list[Neighbour]:
    """Who may belong to a team, in an order of chance."""
    found = [one for one in people if _fits(one, team)]
    by_chance = rng.sample(found, len(found))
    # The volunteer who can sign in to the demo is the first of the young ones.
    return sorted(by_chance, key=lambda one: one.name != VOLUNTEER) if team == "青年队" else by_chance


def _fits(one: Neighbour, team: str) -> bool:
    first, last = _BORN[team]
    if team == "党员队" and "党员" not in one.political:
        return False
    return first <= one.birth.year <= last and (team != "巾帼队" or one.sex == "female")
