"""The working life of a case: detours that happen, the solution, the check, what the resident says, the public page."""

from __future__ import annotations

from datetime import timedelta

from fuhui.config.demo.story import Opening, Times
from fuhui.config.demo.world import act, awake, later, pick
from fuhui.domains.cases.actions import closing, escalation, handling
from fuhui.domains.cases.actions import time as timing
from fuhui.domains.cases.actions.closing import Judgement
from fuhui.domains.cases.actions.details import note_case
from fuhui.domains.cases.actions.handling import Worker
from fuhui.domains.cases.actions.publishing import PublicWords, proposed_words, publish_case
from fuhui.domains.cases.models import Case, CaseHandler
from fuhui.domains.cases.rules.clocks import Priority
from fuhui.shared.tenancy.scope import enter
from fuhui.shared.viewers import Viewer

_SATISFIED = ("very", "very", "very", "very", "fairly", "fairly")
_PERSONAL = {"dispute", "welfare", "health", "order"}  # solved, but nobody's reading matter


class Story(Opening):
    """A case from receipt to file."""

    def work(self) -> Times:
        """Detours in the order in which they happen, then the end; `stop` ends the telling after its step."""
        for detour in (self._object, self._ask, self._escalate, self._whistle, self._extend, self._suspend):
            yield from detour()
            if self.plan.stop and self.plan.stop == self._last:
                return
        yield from self._urge()
        yield from self._solve(self._filled(self.matter.outcome) or self._plain_outcome())
        if self.plan.stop not in {"handling", "checking"}:
            yield from self._close()

    _last = ""

    def worker(self) -> Viewer:
        """Who works on it: the unit's own leader where there is one, else the desk for it."""
        leaders = {unit: self.town.leaders[name] for name, unit in self.town.units.items() if name in self.town.leaders}
        if self.lead.organisation_id in leaders:
            return leaders[self.lead.organisation_id]
        if self.lead.account_id:
            own = [*self.town.staff, *self.town.workers.values(), self.town.secretary]
            return next((one for one in own if one.account_id == self.lead.account_id), self.town.secretary)
        return self.town.secretary if self.is_hidden else self.town.workers[self.plan.block.grid]

    def _happens(self, chance: float, *stops: str) -> bool:
        """Whether a detour is told: it must be where the story is to stop, and is left out where it stops earlier."""
        if self.plan.stop:
            return self.plan.stop in stops
        return pick(self.rng, chance)

    def _wait(self, low: int, high: int) -> None:
        minutes = self.rng.randint(low, high)
        self.at = later(self.at, low if self.plan.stop else minutes)

    # --- detours ---------------------------------------------------------------------------------------------

    def _object(self) -> Times:
        if not self.matter.objection or self.matter.by not in self.town.leaders or not self._happens(0.5, "objection"):
            return
        reason, verdict = self.matter.objection
        self._wait(60, 240)
        yield self.at
        self.do(self.worker(), handling.object_to_case, note=reason)
        self._last = "objection"
        if self.plan.stop == "objection":
            return
        self._wait(60, 400)
        yield self.at
        upheld, _, decision = verdict.partition(" ")
        to = Worker(organisation_id=self.town.units["物业"]) if upheld == "Y" else None
        self.do(self.town.secretary, handling.decide_objection, uphold=upheld == "Y", note=decision, to=to)
        self.lead = to or self.lead

    def _ask(self) -> Times:
        asked = self.matter.question
        if self.matter.is_urgent or not self._happens(0.5 if asked else 0.05, "waiting"):
            return
        question, answer = asked or (self.say("question"), self.say("answer"))
        self._wait(10, 90)
        yield self.at
        self.do(self.worker(), handling.ask_resident, note=question)
        self._last = "waiting"
        if self.plan.stop == "waiting":
            return
        self.at = awake(self.at, self.rng.randint(40, 900))
        yield self.at
        self.do(self.reporter() or self.desk(), timing.resident_answers, note=answer)

    def _escalate(self) -> Times:
        if not self.matter.street or not self._happens(0.55, "street"):
            return
        reason, reply = self.matter.street
        self._wait(120, 700)
        yield self.at
        self.do(self.town.secretary, escalation.escalate_case, note=reason)
        self._last = "street"
        if self.plan.stop == "street":
            return
        self._wait(300, 1500)
        yield self.at
        if pick(self.rng, 0.4):
            self.do(self.town.street, escalation.supervise_case, note=self.say("supervise"))
        self.do(self.town.street, escalation.reply_from_street, note=reply)

    def _whistle(self) -> Times:
        if not self.matter.whistle or not self._happens(0.6, "whistle"):
            return
        units = {name: self.town.units[name] for name, _ in self.matter.units if name in self.town.units}
        self._wait(60, 400)
        yield self.at
        to = [Worker(organisation_id=unit) for unit in units.values()]
        self.do(self.desk(), handling.whistle, to=to, note=self.matter.whistle)
        self._last = "whistle"
        if self.plan.stop == "whistle":
            return
        for name, words in self.matter.units:
            if name in units:
                self._wait(30, 300)
                yield self.at
                enter(self.town.system())
                row = CaseHandler.objects.get(case_id=self.case_id, role="whistled", organisation_id=units[name])
                self.do(self.desk(), handling.answer_whistle, handler_id=row.id, note=words)

    def _extend(self) -> Times:
        if not self.matter.extension or not self._happens(0.5, "extension"):
            return
        days, reason = self.matter.extension
        self._wait(200, 1300)
        yield self.at
        enter(self.town.system())
        if Case.objects.get(pk=self.case_id).close_due_at <= self.at:
            return
        self.do(self.worker_or_desk(), timing.request_extension, days=int(days), note=reason)
        self._last = "extension"
        if self.plan.stop == "extension":
            return
        self._wait(30, 300)
        yield self.at
        self.do(self.town.secretary, timing.decide_extension, grant=True, note=self.say("extension_yes"))

    def worker_or_desk(self) -> Viewer:
        """Somebody other than the secretary, who decides."""
        found = self.worker()
        return self.town.workers[self.plan.block.grid] if found.account_id == self.town.secretary.account_id else found

    def _suspend(self) -> Times:
        if not self.matter.suspended or not self._happens(0.6, "suspended"):
            return
        reason, _ = self.matter.suspended
        self._wait(200, 900)
        yield self.at
        review = (self.at + timedelta(days=14)).date()
        self.do(self.town.secretary, handling.suspend_case, note=reason, review_on=review)
        self._last = "suspended"
        if self.plan.stop == "suspended":
            return
        self._wait(2500, 4200)
        yield self.at
        self.do(self.desk(), timing.resume_case, note="可以办了")

    def _urge(self) -> Times:
        if self.matter.is_urgent or not self._happens(0.05, "urged"):
            return
        self._wait(300, 900)
        yield self.at
        self.do(self.reporter() or self.desk(), escalation.urge_case, note=self.say("urge"))
        self.at = awake(self.at, self.rng.randint(10, 60))
        yield self.at
        self.do(self.worker(), handling.reply_to_resident, note=self.say("late"))

    # --- the end ---------------------------------------------------------------------------------------------

    def _solve(self, outcome: str) -> Times:
        self._working_time()
        if self.plan.stop == "handling":
            return
        yield self.at
        if self.has_pictures:
            self.photo("after", self.worker())
        elif pick(self.rng, 0.12):
            self.do(self.worker(), note_case, note=self.say("note"))
        self.do(self.worker(), handling.solve_case, note=outcome)

    def _working_time(self) -> None:
        late = pick(self.rng, 0.06) and not self.plan.in_time
        if self.matter.is_urgent:
            self.at += timedelta(minutes=self.rng.randint(18, 75))
        elif self.priority == Priority.LIVELIHOOD:
            self.at = awake(self.at, self.rng.randint(1600, 2900) if late else self.rng.randint(60, 780))
        elif self.priority == Priority.COMPLEX:
            self._wait(*((6400, 8000) if late else (400, 2600)))
        elif self.priority == Priority.INQUIRY:
            self._wait(*((700, 1000) if late else (30, 300)))
        else:
            self._wait(*((2300, 3300) if late else (60, 850)))

    def _close(self) -> Times:
        self._wait(15, 200)
        yield self.at
        checker = self._checker()
        if pick(self.rng, 0.05):
            self.do(checker, closing.fail_check, note=self.say("failed"))
            yield from self._solve(self._filled(self.matter.outcome) or self._plain_outcome())
            self._wait(15, 200)
            yield self.at
        self.do(checker, closing.pass_check, note=self.say("check"))
        if self.plan.stop != "call_back":
            yield from self._call_back()

    def _checker(self) -> Viewer:
        if self.is_hidden or pick(self.rng, 0.25):
            return self.town.secretary
        return self.rng.choice(self.town.staff)

    def _call_back(self) -> Times:
        self._wait(30, 420)
        yield self.at
        if pick(self.rng, 0.09):
            self.do(self.desk(), closing.call_back, judgement=Judgement(reached=False, words=self.say("unreached")))
            self._wait(200, 500)
            yield self.at
            if pick(self.rng, 0.3):
                self.do(self.desk(), closing.close_case, note=self.say("closed"))
                self.is_open = False
                return
        if self.matter.again and pick(self.rng, 0.55):
            yield from self._not_satisfied(*self.matter.again)
        self._judge(self.rng.choice(_SATISFIED))
        yield from self._publish()

    def _not_satisfied(self, words: str, outcome: str) -> Times:
        by = self.reporter() or self.desk()
        self.do(by, closing.call_back, judgement=Judgement(is_solved=False, satisfaction="not", words=words))
        if pick(self.rng, 0.5):
            self._wait(10, 60)
            yield self.at
            self.do(self.town.secretary, escalation.supervise_case, note=self.say("supervise"))
        yield from self._solve(outcome)
        self._wait(20, 200)
        yield self.at
        self.do(self._checker(), closing.pass_check, note=self.say("check"))
        self._wait(30, 300)
        yield self.at

    def _judge(self, satisfaction: str) -> None:
        by = (self.reporter() if pick(self.rng, 0.6) else None) or self.desk()
        words = self.say(satisfaction) if pick(self.rng, 0.6) else ""
        self.do(by, closing.call_back, judgement=Judgement(is_solved=True, satisfaction=satisfaction, words=words))
        self.is_open = False

    def _publish(self) -> Times:
        is_personal = self.matter.category.split(".")[0] in _PERSONAL
        if self.is_hidden or is_personal or not pick(self.rng, 0.36):
            return
        self._wait(200, 900)
        yield self.at
        act(self.town.secretary, _publish, case_id=self.case_id, show_photos=self.has_pictures)

    def _plain_outcome(self) -> str:
        return "已到现场处理完毕。"


def _publish(*, by: Viewer, case_id: object, show_photos: bool) -> None:
    """The machine's proposal, confirmed."""
    case = Case.objects.get(pk=str(case_id))
    words: PublicWords = proposed_words(case)
    publish_case(by=by, case_id=case.id, words=words, show_photos=show_photos)
