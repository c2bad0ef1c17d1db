"""What those who signed up are told. Only rows are written here; sending is a job."""

from __future__ import annotations

from fuhui.domains.activities.models import Activity, SignUp
from fuhui.domains.activities.rules.activity import LIVE
from fuhui.domains.activities.tickets import ticket_of
from fuhui.shared.messages import send


def tell(signup: SignUp, title: str, body: str) -> bool:
    """To their page, or by SMS; False where there is neither account nor phone: the desk has to call."""
    if signup.account_id is None and not signup.phone:
        return False
    here = signup.community_id
    send(community_id=here, to_account=signup.account_id, to_phone=None if signup.account_id else signup.phone,
         kind="activity", title=title, body=body, link=f"/activities/ticket/{ticket_of(here, signup.pk)}/")
    return True


def tell_everybody(activity: Activity, title: str, body: str) -> int:
    """To all who signed up or wait; returns how many can be reached."""
    live = SignUp.objects.filter(community_id=activity.community_id, activity=activity, state__in=LIVE)
    return sum(tell(one, title, body) for one in live.order_by("pk"))
