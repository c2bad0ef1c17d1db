"""Tables of volunteers."""

from fuhui.domains.volunteers.models.registration import Joining, Volunteer

__all__ = ["Joining", "Volunteer"]
