"""Tables of volunteers."""

from fuhui.domains.volunteers.models.attendance import Attendance, Objection, Scan
from fuhui.domains.volunteers.models.registration import Joining, Volunteer
from fuhui.domains.volunteers.models.shifts import Call, Shift, SignUp

__all__ = ["Attendance", "Call", "Joining", "Objection", "Scan", "Shift", "SignUp", "Volunteer"]
