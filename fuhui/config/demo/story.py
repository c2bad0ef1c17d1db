"""One case told from its first word: every step through the action that a person's tap would call."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from fuhui.config.demo.pictures import Upload, picture
from fuhui.config.demo.planning import Plan, placed, plan_one
from fuhui.config.demo.texts import Matter
from fuhui.config.demo.world import act, awake, is_office_time, later, pick
from fuhui.domains.cases.actions.closing import answer_now, refuse_case
from fuhui.domains.cases.actions.details import add_photo
from fuhui.domains.cases.actions.handling import Worker, accept_case, assign_case, reply_to_resident
from fuhui.domains.cases.actions.intake import CaseInput, Further, PlaceInput, Reporter, submit_case
from fuhui.domains.cases.actions.merging import Part, merge_case, split_case
from fuhui.domains.cases.actions.resident import viewer_of_tracking_token
from fuhui.domains.cases.models import Case
from fuhui.domains.cases.rules.clocks import Priority
from fuhui.shared.viewers import Viewer, visitor_in

Times = Iterator[datetime]
_ANYTIME = {Priority.URGENT, Priority.LIVELIHOOD}
NEVER_AGAIN = "后来一并处理了，和第一位邻居说的是同一件事，谢谢您。"


class Opening(ABC):
    """A case from its receipt until somebody works on it. `tell` yields the moment at which it wants to go on."""

    def __init__(self, plan: Plan, words: dict[str, list[str]], stories: dict[int, Opening]) -> None:
        self.plan, self.words, self.stories = plan, words, stories
        self.rng: Random = plan.rng
        self.town, self.matter, self.at = plan.town, plan.matter, plan.at
        self.case_id = UUID(int=0)
        self.token, self.priority, self.is_open = "", "", False
        self.lead = Worker()
        self.has_pictures = "pic" in self.matter.options and pick(self.rng, 0.3)
        stories[id(plan)] = self

    def tell(self) -> Times:
        """The whole life of the case."""
        yield self.at
        case = self._submit()
        if self.plan.stop == "new":
            return
        if self.plan.main is not None:
            yield from self._join_main(self.plan.main)
        elif self.matter.answered or self.matter.refused:
            yield from self._settle()
        else:
            yield from self._take_up(case)
            yield from self.work()

    @abstractmethod
    def work(self) -> Times:
        """What follows when somebody has it; told by the next part."""

    # --- who -------------------------------------------------------------------------------------------------

    @property
    def is_hidden(self) -> bool:
        """A report against somebody: only the secretary works on it."""
        return "conf" in self.matter.options

    def desk(self) -> Viewer:
        """Who of the desk acts: mostly the grid's own worker."""
        if self.is_hidden:
            return self.town.secretary
        worker = self.town.workers[self.plan.block.grid]
        return self.rng.choice(self.town.staff) if pick(self.rng, 0.2) else worker

    def reporter(self) -> Viewer | None:
        """Who raised it, by the link that was given; None for a group, where no link is sent to one person."""
        if not self.token or self.plan.source in {"chat", "patrol"}:
            return None
        return viewer_of_tracking_token(self.token)[0]

    def say(self, occasion: str) -> str:
        """Some words for an occasion."""
        return placed(self.rng.choice(self.words[occasion]), self.plan.block, self.plan.unit, self.rng)

    def do(self, by: Viewer, action: Any, **arguments: Any) -> Any:
        """One step on this case."""
        return act(by, action, case_id=self.case_id, **arguments)

    # --- coming in -------------------------------------------------------------------------------------------

    def _submit(self) -> Case:
        by = self._who_enters()
        receipt = act(by, submit_case, community_id=self.town.id, matter=self._matter())
        self.case_id, self.token, self.priority = receipt.case.id, receipt.token, receipt.case.priority
        self.is_open = True
        if receipt.case.handler_name:
            self.lead = Worker(receipt.case.handler_account_id, receipt.case.handler_organisation_id)
        if self.has_pictures:
            self.photo("before", self.town.secretary if self.is_hidden else self.town.workers[self.plan.block.grid])
        return receipt.case

    def _who_enters(self) -> Viewer:
        if self.plan.source == "form":
            return visitor_in(self.town.id)
        return self.desk()

    def _matter(self) -> CaseInput:
        plan, options = self.plan, self.matter.options
        further = tuple(
            Further(words, self.at, Reporter(name=name, group_name=self.town.groups[plan.block.grid]))
            for name, words in plan.further
        )
        return CaseInput(
            text=plan.text, source=plan.source, title=heading(plan), reporter=self._reporter(),
            category_code=self.matter.category, place=self._place(), priority=options.get("pri", ""),
            is_urgent=self.matter.is_urgent, is_confidential=self.is_hidden,
            further=further, request_key=f"demo-{self.rng.getrandbits(60):x}",
        )

    def _place(self) -> PlaceInput:
        if "{" not in self.matter.voices[0] and pick(self.rng, 0.5):
            return PlaceInput(grid_id=self.plan.block.grid_id, words=self.plan.block.area)
        return PlaceInput(building_id=self.plan.block.id)

    def _reporter(self) -> Reporter:
        plan = self.plan
        if plan.source == "chat":
            return Reporter(name=plan.name, group_name=self.town.groups[plan.block.grid])
        if plan.source == "patrol":
            return Reporter(name=self.town.workers[plan.block.grid].name)
        if plan.wants == "wang" and self.town.resident:
            return Reporter(name="王秀兰", account_id=self.town.resident.account_id,
                            person_id=self.town.resident.person_id)
        phone = f"1990000{self.rng.randint(1000, 9799)}"
        return Reporter(name=plan.name, phone=phone if pick(self.rng, 0.5) else "")

    def photo(self, moment: str, by: Viewer) -> None:
        """A picture of it."""
        content = picture(self.matter.options["pic"], moment, self.rng.randrange(5))
        upload = Upload(content, f"{self.matter.options['pic']}-{moment}.jpg")
        act(by, add_photo, case_id=self.case_id, upload=upload, moment=moment)

    # --- first hands -----------------------------------------------------------------------------------------

    def first_words_at(self) -> datetime:
        """When somebody answers for the first time; some are late."""
        if self.matter.is_urgent:
            return self.at + timedelta(minutes=self.rng.randint(2, 9))
        if pick(self.rng, 0.05) and not self.plan.in_time:
            return later(self.at, self.rng.randint(140, 330))
        if self.priority in _ANYTIME:
            return awake(self.at, self.rng.randint(4, 26))
        if is_office_time(self.at):
            return self.at + timedelta(minutes=self.rng.randint(5, 70))
        if pick(self.rng, 0.6):
            return awake(self.at, self.rng.randint(8, 90))
        return later(self.at, self.rng.randint(5, 60))

    def _settle(self) -> Times:
        self.at = self.first_words_at()
        yield self.at
        self.is_open = False
        if self.matter.refused:
            note, channel = self.matter.refused
            self.do(self.desk(), refuse_case, note=note, channel=channel)
        else:
            self.do(self.desk(), answer_now, note=self.matter.answered)

    def _join_main(self, main: Plan) -> Times:
        self.at = max(self.first_words_at(), awake(self.at, self.rng.randint(10, 60)))
        yield self.at
        other = self.stories[id(main)]
        self.is_open = False
        if other.is_open:
            self.do(self.desk(), merge_case, main_id=other.case_id, note="同一处、同一件事")
        else:
            self.do(self.desk(), answer_now, note=NEVER_AGAIN)

    def _take_up(self, case: Case) -> Times:
        self.at = self.first_words_at()
        yield self.at
        by, urgent = self.desk(), self.matter.is_urgent
        routed = bool(case.handler_name)
        if not routed and not urgent and pick(self.rng, 0.5):
            self.do(by, accept_case, note=self.say("accept"))
            if self.plan.stop == "accepted":
                return
        self.do(by, reply_to_resident, note=self._filled(self.matter.reply))
        if not urgent and pick(self.rng, 0.45):
            self.at = awake(self.at, self.rng.randint(6, 45)) if self.priority in _ANYTIME else later(
                self.at, self.rng.randint(6, 50))
            yield self.at
        if not routed:
            self.lead = self._chosen(by)
            self.do(by, assign_case, to=self.lead, note=self.say("hand") if self.lead.organisation_id else "")
        yield from self._split(by)

    def _chosen(self, by: Viewer) -> Worker:
        unit = self.town.units.get(self.matter.by)
        if unit and not self.is_hidden:
            return Worker(organisation_id=unit)
        if self.matter.by == "网格":
            return Worker(account_id=self.town.workers[self.plan.block.grid].account_id)
        return Worker(account_id=by.account_id)

    def _split(self, by: Viewer) -> Times:
        """Some tell two things at once; the second becomes a case of its own and is told from there."""
        if not pick(self.rng, 0.015) or self.matter.is_urgent or self.plan.stop:
            return
        self.at = later(self.at, 12)
        yield self.at
        text = self.say("split")
        (made,) = self.do(by, split_case, parts=[Part("", text)], note="一段话说了两件事，分开办")
        half = type(self)(_half(self.plan, text, self.at), self.words, self.stories)
        half.case_id, half.priority, half.is_open = made.id, made.priority, True
        half.lead = Worker(account_id=by.account_id)
        half.do(by, assign_case, to=half.lead)
        yield from half.work()

    def _filled(self, text: str) -> str:
        return placed(text, self.plan.block, self.plan.unit, self.rng)


def heading(plan: Plan) -> str:
    """What staff write over a matter that they enter; a resident's own form has no such field."""
    if plan.source == "form":
        return ""
    found = ""
    for clause in re.split(r"[，。！？!?：]", re.sub(r"\[.*?\]", "", plan.text).removeprefix("巡查发现")):
        if len(found) >= 8 or len(found) + len(clause) > 26:
            break
        found = f"{found}，{clause}" if found else clause
    return (found or plan.text)[:28]


def _half(plan: Plan, text: str, at: datetime) -> Plan:
    """The second matter of a message that held two."""
    matter = Matter(plan.matter.category, {"by": "网格"}, [text], outcome="已经修好固定，现场又看了一遍。")
    return replace(plan_one(plan.town, matter, 0, plan.block, at, plan.rng), source="chat", further=[])
