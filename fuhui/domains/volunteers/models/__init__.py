"""Tables of volunteers."""

from fuhui.domains.volunteers.models.registration import Joining, Volunteer
from fuhui.domains.volunteers.models.shifts import Call, Shift, SignUp
from fuhui.domains.volunteers.models.timebank import (
    BankAccount,
    BankEntry,
    BankPosting,
    BankRepresentative,
    BankRequest,
    BankSettings,
)

__all__ = [
    "BankAccount", "BankEntry", "BankPosting", "BankRepresentative", "BankRequest", "BankSettings", "Call", "Joining",
    "Shift", "SignUp", "Volunteer",
]
