"""Reads of accounts."""

from fuhui.registry.accounts.queries.accounts import (
    Account,
    GrantLine,
    StaffMember,
    account_for,
    accounts_for,
    active_account_named,
    grant_lines_for,
    names_of,
    operators_for,
    require_no_operator,
    role_words,
    staff_for,
    stamp,
    tokens_for,
)
from fuhui.registry.accounts.queries.second_factor import (
    communities_requiring_factor,
    forget_second_factor,
    has_second_factor,
    lacks_second_factor,
)
from fuhui.registry.accounts.queries.viewers import token_hash, viewer_of, viewer_of_token

__all__ = [
    "Account",
    "GrantLine",
    "StaffMember",
    "account_for",
    "accounts_for",
    "active_account_named",
    "communities_requiring_factor",
    "forget_second_factor",
    "grant_lines_for",
    "has_second_factor",
    "lacks_second_factor",
    "names_of",
    "operators_for",
    "require_no_operator",
    "role_words",
    "staff_for",
    "stamp",
    "token_hash",
    "tokens_for",
    "viewer_of",
    "viewer_of_token",
]
