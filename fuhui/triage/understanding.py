"""One message alone: what a form or a call brings in."""

from __future__ import annotations

import re

from fuhui.triage.categories import category_reasons, decide, weigh
from fuhui.triage.features import Reading, read_message
from fuhui.triage.kinds import by_itself, chances, reasons, says_fixed
from fuhui.triage.model import Model, default_model
from fuhui.triage.privacy import private_spans, redact
from fuhui.triage.staff import is_staff
from fuhui.triage.vocabulary import Category, Kind, Span, Understanding

TITLE_LENGTH = 20
SHORT = 8
CLAUSES = re.compile(r"[，。！？；\n!?;]+|(?<=[\u4e00-\u9fff])[ \u3000]+(?=[\u4e00-\u9fff\d])")
LEADING = re.compile(
    r"^(?:@\S{1,20}\s*|\[[^\]]{1,8}\]|(?:您好|你好|请问|问一下|那个|大家好|各位(?:邻居|好)?|麻烦(?:问一下|您)?|"
    r"(?:[\u4e00-\u9fff]{0,3}(?:主任|书记|网格员|老师|师傅|干部))|急|无语|求助|反映一下|我想反映|说一下)[，,：: !！]*)+"
)

# Who speaks, a call for attention, a bare question: no headline by itself.
ASIDE = re.compile(
    r"^(?:我是|我们是|本人|我家住|我家是|我住|我叫|还是那个|快来|救命|来人)|"
    r"^.{0,4}(?:怎么|如何|能不能|可不可以|可以|去哪|到哪|找谁|哪里|谁来?)(?:里|能)?(?:申请|办理?|处理|解决|弄|管管?|修修?|问|报修|反映)?"
    r"[吗呢啊呀下]*$"
)

BUILDING = re.compile(r"[\d一二三四五六七八九十-]+(?:号楼|栋|单元|号院|楼|室)?(?:\d{3,4}室?)?|\*+")


def understand(
    text: str, *, sender: str = "", group: str = "", model: Model | None = None
) -> Understanding:
    """What one message says without its conversation.

    ``kind`` is report, confirm, staff or chat; a category is always given for a report.
    ``title`` is a headline of at most 20 characters without personal data.
    """
    reading = read_message(text, sender, group)
    chance = chances(reading, model or default_model())
    matter = by_itself(chance)
    kind = _kind(reading, matter, chance.alone or chance.kinds, sender)
    category = None
    if kind is not Kind.CHAT:
        category = decide(weigh(reading, chance.codes)) or Category.INQUIRY
    urgent = reading.alarm is not None and kind not in {Kind.STAFF, Kind.CONFIRM}
    evidence = {"kind": reasons(reading)}
    if category:
        evidence["category"] = category_reasons(reading, category)
    if urgent and reading.alarm:
        evidence["urgent"] = (f"有危险（{reading.alarm.words}）",)
    spans = private_spans(text)
    sure = matter if kind is not Kind.CHAT else 1 - matter
    return Understanding(
        kind, category, urgent, spans, reading.place, max(0.5, sure), evidence,
        title_of(text, reading, spans),
    )  # fmt: skip


def _kind(reading: Reading, matter: float, kinds: dict[str, float], sender: str) -> Kind:
    if is_staff(sender):
        return Kind.STAFF
    if says_fixed(reading, kinds) and reading.alarm is None and kinds.get(Kind.CONFIRM, 0) > 0.4:
        return Kind.CONFIRM
    return Kind.REPORT if matter >= 0.5 or reading.alarm is not None else Kind.CHAT


def title_of(text: str, reading: Reading, spans: tuple[Span, ...]) -> str:
    """A headline of at most 20 characters: the first clause that names the matter, and what follows it while there is
    room, without private data."""
    clean = redact(text[:1000], [s for s in spans if s.end <= 1000])
    clauses = [c for part in CLAUSES.split(clean) if (c := LEADING.sub("", part.strip()).strip())]
    if not clauses:
        return "（无文字）"
    telling = {w for name in ("problem", "request", "service") for w in reading.hits.get(name, ())}
    telling |= {w for name, found in reading.hits.items() if ":" in name or name[0] == "!" for w in found}
    says = [_says(clause, telling) for clause in clauses]
    begin = next((n for n, value in enumerate(says) if value), 0)
    where = begin + (says[begin : begin + 2] == [1, 2])
    title = clauses[where]
    for further in clauses[where + 1 :]:
        if len(title) + 1 + len(further) > (TITLE_LENGTH if len(title) >= SHORT else 2 * TITLE_LENGTH):
            break
        title += "，" + further
    return title if len(title) <= TITLE_LENGTH else title[: TITLE_LENGTH - 1] + "…"


def _says(clause: str, telling: set[str]) -> int:
    """2 for a clause that names the matter or says what is at a building, 1 for one that does not, 0 for one that only
    introduces, asks or gives an address. People say first what it is about, so later clauses are not looked at."""
    left = len(BUILDING.sub("", clause))
    if left < 2 or ASIDE.search(clause):
        return 0
    return 2 if 5 <= left < len(clause) or any(word in clause for word in telling) else 1
