"""Kinds of organisations, who can be given cases, and the unified social credit code."""

from __future__ import annotations

import re
from enum import StrEnum

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE = re.compile(f"[{_ALPHABET}]{{18}}")


class OrganisationKind(StrEnum):
    """What an organisation is in the community's life."""

    PARTY = "party"
    VOLUNTEER_TEAM = "volunteer_team"
    SOCIAL_ORGANISATION = "social_organisation"
    PARTNER_UNIT = "partner_unit"
    GOVERNMENT_DEPARTMENT = "government_department"
    PROPERTY_COMPANY = "property_company"
    OWNERS_COMMITTEE = "owners_committee"
    OTHER = "other"


KIND_NAMES = {
    OrganisationKind.PARTY: "党组织",
    OrganisationKind.VOLUNTEER_TEAM: "志愿服务队",
    OrganisationKind.SOCIAL_ORGANISATION: "社会组织",
    OrganisationKind.PARTNER_UNIT: "共建单位",
    OrganisationKind.GOVERNMENT_DEPARTMENT: "政府部门",
    OrganisationKind.PROPERTY_COMPANY: "物业公司",
    OrganisationKind.OWNERS_COMMITTEE: "业主委员会",
    OrganisationKind.OTHER: "其他",
}
# Organisations of these kinds can be made responsible for a case (承办单位).
HANDLER_KINDS = frozenset({
    OrganisationKind.GOVERNMENT_DEPARTMENT, OrganisationKind.PROPERTY_COMPANY,
    OrganisationKind.OWNERS_COMMITTEE, OrganisationKind.PARTNER_UNIT,
})


class LegalClass(StrEnum):
    """How a social organisation stands in law: registered with the civil-affairs office, or filed by the street."""

    REGISTERED = "registered"
    FILED = "filed"
    NONE = "none"


LEGAL_NAMES = {LegalClass.REGISTERED: "登记", LegalClass.FILED: "备案", LegalClass.NONE: "不适用"}


def is_credit_code(code: str) -> bool:
    """True for 18 characters of GB 32100-2015 whose last one is the right check character (weights 3^i mod 31)."""
    if not _CODE.fullmatch(code):
        return False
    total = sum(_ALPHABET.index(sign) * pow(3, place, 31) for place, sign in enumerate(code[:17]))
    return _ALPHABET[(31 - total % 31) % 31] == code[17]
