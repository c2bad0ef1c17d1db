"""Tables of volunteers."""

from fuhui.domains.volunteers.models.registration import Joining, Volunteer
from fuhui.domains.volunteers.models.shifts import Call, Shift, SignUp

__all__ = ["Call", "Joining", "Shift", "SignUp", "Volunteer"]
