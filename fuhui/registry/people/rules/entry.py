"""One person as entered in a form or a list, checked and brought to the form in which it is kept."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

from fuhui.registry.people.rules.contact import is_mobile, name_fault, normal_name, normal_phones
from fuhui.registry.people.rules.dates import parse_date
from fuhui.registry.people.rules.identity import WrongIdentity, identity, plain_identity
from fuhui.registry.people.rules.words import Residence, Sex

NOTHING = frozenset({"", "无", "-", "--", "/", "—", "——", "不详", "未知", "没有", "空", "N/A", "NULL", "None", "暂无"})
_OTHER_DOCUMENT = re.compile(r"[A-Z0-9()]{5,20}")
_SEXES = {
    "男": Sex.MALE,
    "女": Sex.FEMALE,
    "男性": Sex.MALE,
    "女性": Sex.FEMALE,
    "m": Sex.MALE,
    "f": Sex.FEMALE,
    "1": Sex.MALE,
    "2": Sex.FEMALE,
    "male": Sex.MALE,
    "female": Sex.FEMALE,
}
_RESIDENCES = (
    (Residence.OVERSEAS, ("境外", "外籍", "港澳台")),
    (Residence.AWAY, ("人户分离", "户在人不在", "空挂", "外出", "人在外")),
    (Residence.FLOATING, ("流动", "暂住", "租住", "租户", "租客", "外来")),
    (Residence.PERMANENT, ("常住", "户口在外", "人在户不在", "非户籍", "居住")),
    (Residence.REGISTERED, ("户籍", "本地", "在册", "人户一致", "本市", "本社区")),
)
LIMITS = {"nation": 20, "political": 20, "relation": 20, "note": 500}


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """What somebody typed. `other_document`: the number is of a passport or another paper and has no check digit."""

    name: str = ""
    sex: str = ""
    birth: object = ""
    id_number: str = ""
    phone: str = ""
    nation: str = ""
    political: str = ""
    relation: str = ""
    residence: str = ""
    note: str = ""
    other_document: bool = False


@dataclass(slots=True)
class Checked:
    """Values fit to be kept, `faults` by field that forbid keeping, `hints` that do not."""

    name: str = ""
    sex: str = ""
    birth_date: date | None = None
    id_number: str | None = None
    phones: list[str] = field(default_factory=list)
    nation: str = ""
    political: str = ""
    relation: str = ""
    residence: str = ""
    note: str = ""
    faults: dict[str, str] = field(default_factory=dict)
    hints: list[str] = field(default_factory=list)

    @property
    def phone_text(self) -> str | None:
        """Every phone as it is kept, the first one leading."""
        return "、".join(self.phones) or None

    @property
    def phone_tail(self) -> str:
        """The last four digits of the first phone, which lists show."""
        return self.phones[0].split("x")[0][-4:] if self.phones else ""


def check_entry(entry: PersonEntry, today: date) -> Checked:
    """Checks every field; never raises. What the identity number tells wins over what was typed beside it."""
    checked = Checked(name=normal_name(entry.name), sex=sex_of(entry.sex), residence=residence_of(entry.residence))
    if fault := name_fault(checked.name):
        checked.faults["name"] = fault
    if entry.sex.strip() and not checked.sex and entry.sex.strip() not in NOTHING:
        checked.faults["sex"] = "性别应为“男”或“女”"
    _texts(entry, checked)
    _birth(entry, checked, today)
    _identity(entry, checked, today)
    _phones(entry, checked)
    return checked


def _texts(entry: PersonEntry, checked: Checked) -> None:
    for name, limit in LIMITS.items():
        text = plain_text(getattr(entry, name))
        if len(text) > limit:
            checked.faults[name] = f"超过 {limit} 个字，请缩短"
        setattr(checked, name, text)


def _birth(entry: PersonEntry, checked: Checked, today: date) -> None:
    if plain_text(entry.birth) in NOTHING:
        return
    checked.birth_date = parse_date(entry.birth)
    if checked.birth_date is None:
        checked.faults["birth"] = "看不懂这个日期，请写成 1980-01-02"
    elif checked.birth_date.year <= 1850 or checked.birth_date > today:
        checked.faults["birth"] = "出生日期不合理"


def _identity(entry: PersonEntry, checked: Checked, today: date) -> None:
    number = plain_identity(entry.id_number)
    if number in NOTHING:
        return
    if entry.other_document:
        checked.id_number = number
        if not _OTHER_DOCUMENT.fullmatch(number):
            checked.faults["id_number"] = "证件号应为 5–20 位字母或数字"
        return
    try:
        found = identity(number, today)
    except WrongIdentity as error:
        checked.faults["id_number"] = str(error)
        return
    checked.id_number = found.number
    checked.hints += found.hints
    if checked.birth_date and checked.birth_date != found.birth:
        checked.hints.append("填写的出生日期与身份证号不一致，按身份证号")
        checked.faults.pop("birth", None)
    if checked.sex and checked.sex != found.sex:
        checked.hints.append("填写的性别与身份证号不一致，按身份证号")
    checked.birth_date, checked.sex = found.birth, Sex(found.sex)


def _phones(entry: PersonEntry, checked: Checked) -> None:
    text = unicodedata.normalize("NFKC", entry.phone).strip()
    if text in NOTHING:
        return
    phones = normal_phones(text)
    if phones is None:
        checked.faults["phone"] = "不是电话号码：手机应为 11 位，座机请带区号，例如 0535-6360000"
        return
    checked.phones = sorted(phones, key=is_mobile, reverse=True)


def sex_of(text: str) -> Sex:
    """男/女 and what lists write for them; unknown for anything else."""
    return _SEXES.get(text.strip().lower().removesuffix(".0"), Sex.UNKNOWN)


def residence_of(text: str) -> Residence:
    """The kind of residence a word stands for."""
    plain = text.strip()
    if plain in Residence._value2member_map_:
        return Residence(plain)
    return next((kind for kind, words in _RESIDENCES if any(word in plain for word in words)), Residence.UNKNOWN)


def plain_text(value: object) -> str:
    """A text without control characters and outer spaces; words that mean nothing become ''."""
    text = "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in str(value)).strip()
    return "" if text in NOTHING else text
