"""Tables of volunteers."""

from fuhui.domains.volunteers.models.attendance import Attendance, Objection, Scan
from fuhui.domains.volunteers.models.certificates import Certificate, Merit, StarChange, StarLevel
from fuhui.domains.volunteers.models.feedback import Feedback
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
    "Attendance", "BankAccount", "BankEntry", "BankPosting", "BankRepresentative", "BankRequest", "BankSettings",
    "Call", "Certificate", "Feedback", "Joining", "Merit", "Objection", "Scan", "Shift", "SignUp", "StarChange",
    "StarLevel",
    "Volunteer",
]
