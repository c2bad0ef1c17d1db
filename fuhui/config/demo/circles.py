"""Organisations of the demo: one tree from the party committee to the property company. Units that exist in the
community's published story keep their published names; everybody named in them is invented."""

from __future__ import annotations

from random import Random
from uuid import UUID

from fuhui.config.demo.residents import grown_ups
from fuhui.config.demo.world import Town, act
from fuhui.registry.organisations.actions import add_member, save_organisation
from fuhui.registry.organisations.rules import LegalClass
from fuhui.registry.organisations.rules import OrganisationKind as Kind
from fuhui.shared.viewers import Viewer

# name, short name, kind, upper, legal class
_TREE: tuple[tuple[str, str, Kind, str, LegalClass], ...] = (
    ("福惠社区综合党委", "综合党委", Kind.PARTY, "", LegalClass.NONE),
    ("第一网格党支部", "一支部", Kind.PARTY, "综合党委", LegalClass.NONE),
    ("第二网格党支部", "二支部", Kind.PARTY, "综合党委", LegalClass.NONE),
    ("物业服务党支部", "物业支部", Kind.PARTY, "综合党委", LegalClass.NONE),
    ("福惠彩虹志愿服务队", "彩虹服务队", Kind.VOLUNTEER_TEAM, "综合党委", LegalClass.FILED),
    ("党员志愿服务队", "党员队", Kind.VOLUNTEER_TEAM, "彩虹服务队", LegalClass.NONE),
    ("青年志愿服务队", "青年队", Kind.VOLUNTEER_TEAM, "彩虹服务队", LegalClass.NONE),
    ("巾帼志愿服务队", "巾帼队", Kind.VOLUNTEER_TEAM, "彩虹服务队", LegalClass.NONE),
    ("慈善义工志愿服务队", "慈善义工队", Kind.VOLUNTEER_TEAM, "彩虹服务队", LegalClass.NONE),
    ("阳光助老志愿服务队", "阳光助老队", Kind.VOLUNTEER_TEAM, "彩虹服务队", LegalClass.NONE),
    ("五福百惠社会组织服务中心", "五福百惠", Kind.SOCIAL_ORGANISATION, "", LegalClass.REGISTERED),
    ("福惠老年合唱团", "合唱团", Kind.SOCIAL_ORGANISATION, "五福百惠", LegalClass.FILED),
    ("福惠广场舞队", "舞蹈队", Kind.SOCIAL_ORGANISATION, "五福百惠", LegalClass.FILED),
    ("四点半课堂", "四点半", Kind.SOCIAL_ORGANISATION, "五福百惠", LegalClass.FILED),
    ("邻里调解工作室", "调解室", Kind.SOCIAL_ORGANISATION, "五福百惠", LegalClass.FILED),
    ("毓璜顶医院", "毓璜顶医院", Kind.PARTNER_UNIT, "", LegalClass.NONE),
    ("清洋卫生院", "卫生院", Kind.PARTNER_UNIT, "", LegalClass.NONE),
    ("福山区疾控中心", "疾控", Kind.PARTNER_UNIT, "", LegalClass.NONE),
    ("康爱眼科", "康爱眼科", Kind.PARTNER_UNIT, "", LegalClass.NONE),
    ("清洋街道综合执法队（城管）", "城管", Kind.GOVERNMENT_DEPARTMENT, "", LegalClass.NONE),
    ("清洋派出所", "派出所", Kind.GOVERNMENT_DEPARTMENT, "", LegalClass.NONE),
    ("福惠家园业主委员会", "业委会", Kind.OWNERS_COMMITTEE, "", LegalClass.NONE),
    ("福惠物业服务有限公司", "物业", Kind.PROPERTY_COMPANY, "", LegalClass.NONE),
)  # fmt: skip
_CONTACTS = {"物业": ("马建国", "0535-0002001"), "城管": ("于队长", "0535-0002002"),
             "派出所": ("李警官", "0535-0002003"), "卫生院": ("宋晓宁", "0535-0002004"),
             "业委会": ("曲玉珍", "0535-0002005")}
_FEW = ("城管", "派出所", "物业")


def found_circles(town: Town, by: Viewer) -> None:
    """The whole tree of 福惠社区."""
    for name, short, kind, upper, legal in _TREE:
        contact, phone = _CONTACTS.get(short, ("", ""))
        row = act(
            by, save_organisation, community_id=town.id, kind=kind, name=name, short_name=short, legal_class=legal,
            parent_id=town.units.get(upper), contact=contact, phone=phone,
        )
        town.units[short] = row.id


def found_few(town: Town) -> None:
    """A neighbour's units that work on cases."""
    for name, short, kind, _, legal in _TREE:
        if short in _FEW:
            named = name.replace("福惠", town.name.removesuffix("社区"))
            row = act(
                town.system(), save_organisation, community_id=town.id, kind=kind, name=named, short_name=short,
                legal_class=legal,
            )
            town.units[short] = row.id


def fill_circles(town: Town, rng: Random, by: Viewer, each: int = 6) -> None:
    """Members of branches and societies, one of them leading each. The volunteers' teams fill from their lists."""
    names = ("一支部", "二支部", "合唱团", "调解室")
    people = grown_ups(town, rng, each * len(names))
    for place, name in enumerate(names):
        for order, person in enumerate(people[place * each : (place + 1) * each]):
            _join(by, town.units[name], person, name, is_first=order == 0)


def _join(by: Viewer, organisation: UUID, person: UUID, name: str, *, is_first: bool) -> None:
    first = "书记" if name.endswith("支部") else "负责人"
    act(by, add_member, organisation_id=organisation, person_id=person, title=first if is_first else "成员")
