"""Tables of volunteers."""

from fuhui.domains.volunteers.models.attendance import Attendance, Objection, Scan
from fuhui.domains.volunteers.models.certificates import Certificate, Merit, StarLevel
from fuhui.domains.volunteers.models.registration import Joining, Volunteer
from fuhui.domains.volunteers.models.shifts import Call, Shift, SignUp

__all__ = [
    "Attendance", "Call", "Certificate", "Joining", "Merit", "Objection", "Scan", "Shift", "SignUp", "StarLevel",
    "Volunteer",
]
