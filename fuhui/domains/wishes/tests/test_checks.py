"""The book and the wishes agree, and the check finds it where they do not."""

from __future__ import annotations

import pytest

from fuhui.domains.wishes.actions.fulfilling import confirm_claim
from fuhui.domains.wishes.checks import IN_BOOK
from fuhui.domains.wishes.models import WishClaim
from fuhui.domains.wishes.tests.conftest import Town
from fuhui.domains.wishes.tests.test_life_of_a_wish import delivered
from fuhui.registry.ledger.actions import reverse_service
from fuhui.registry.ledger.checks import look
from fuhui.shared.tenancy.scope import acting

pytestmark = pytest.mark.django_db


def test_a_wish_that_came_true_is_in_the_book(town: Town) -> None:
    claim = delivered(town)
    with acting(town.sun):
        confirm_claim(by=town.sun, claim_id=claim.pk)
        assert look(IN_BOOK, town.place.id).found == 0


def test_a_confirmed_claim_that_the_book_lost_is_found(town: Town) -> None:
    claim = delivered(town)
    with acting(town.chen):
        confirm_claim(by=town.chen, claim_id=claim.pk)
        reverse_service(by=town.chen, community=town.place.id, source="wishes.claim", key=str(claim.pk), reason="误记")
        assert look(IN_BOOK, town.place.id).rows == [("想要一盏床头灯：已确认实现，台账里没有",
                                                      f"/wishes/desk/{claim.wish_id}/")]


def test_a_claim_confirmed_past_the_actions_is_found(town: Town) -> None:
    claim = delivered(town)
    with acting(town.chen):
        WishClaim.objects.filter(pk=claim.pk).update(state="confirmed", confirmed_by=town.chen.actor)
        assert look(IN_BOOK, town.place.id).found == 1
