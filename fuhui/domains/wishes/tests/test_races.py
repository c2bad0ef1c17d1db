"""What must never break holds when twenty press at once; each control shows that the race is real."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError

from fuhui.domains.wishes.actions import claiming
from fuhui.domains.wishes.actions.claiming import ClaimInput, claim_wish
from fuhui.domains.wishes.actions.fulfilling import confirm_claim, deliver_claim
from fuhui.domains.wishes.models import Wish, WishClaim
from fuhui.domains.wishes.rules.wish import WishWords
from fuhui.domains.wishes.tests.conftest import Town, resident
from fuhui.registry.ledger.models import ServiceRecord
from fuhui.shared.identifiers import new_id
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer
from tests.racing import as_owner, count, failures, race

PARALLEL = 20


@pytest.fixture
def crowd(committed: Town) -> list[Viewer]:
    """Twenty residents with a telephone in the hand."""
    return [resident(f"r{number}", f"居民{number}", committed.place) for number in range(PARALLEL)]


def _press(by: Viewer, wish: Wish, **more: Any) -> tuple[Viewer, Callable[[], Any]]:
    return by, lambda: claim_wish(by=by, wish_id=wish.pk, claim=ClaimInput(**more), request_key=new_id())


def _held(town: Town, wish: Wish) -> int:
    with acting(town.chen):
        return count("SELECT coalesce(sum(parts), 0) FROM wishes_wishclaim WHERE wish_id = %s AND state = 'live'",
                     wish.pk)


def _unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes the lock out of the action, so that only the database stands."""
    monkeypatch.setattr(claiming, "lock_wish", lambda by, wish_id: Wish.objects.get(pk=wish_id))


def test_one_wish_claimed_by_twenty_has_one_claimer(committed: Town, crowd: list[Viewer]) -> None:
    wish = committed.open_wish()
    refused = failures(race(*[_press(one, wish) for one in crowd]))
    assert [getattr(one, "code", one) for one in refused] == ["taken"] * (PARALLEL - 1)
    assert _held(committed, wish) == 1


def test_the_database_alone_keeps_one_claimer(
    committed: Town, crowd: list[Viewer], monkeypatch: pytest.MonkeyPatch
) -> None:
    wish = committed.open_wish()
    _unlocked(monkeypatch)
    refused = failures(race(*[_press(one, wish) for one in crowd]))
    assert {getattr(one, "code", one) for one in refused} == {"taken"}
    assert _held(committed, wish) == 1


def test_without_lock_and_constraint_one_wish_would_have_many_claimers(
    committed: Town, crowd: list[Viewer], monkeypatch: pytest.MonkeyPatch
) -> None:
    wish = committed.open_wish()
    _unlocked(monkeypatch)
    with as_owner() as cursor:
        cursor.execute("ALTER TABLE wishes_wish DROP CONSTRAINT wishes_wish_not_overclaimed")
    race(*[_press(one, wish) for one in crowd])
    assert _held(committed, wish) > 1


def test_ten_parts_pledged_by_twenty_in_threes_are_nine(committed: Town, crowd: list[Viewer]) -> None:
    wish = committed.open_wish(WishWords(title="想要十本故事书", value_yuan=300, parts=10))
    race(*[_press(one, wish, parts=3) for one in crowd])
    assert _held(committed, wish) == 9


def test_one_account_pressing_twenty_times_holds_one_claim(committed: Town) -> None:
    wish = committed.open_wish(WishWords(title="想要三十袋米", value_yuan=300, parts=30))
    refused = failures(race(*[_press(committed.lin, wish)] * PARALLEL))
    assert [getattr(one, "code", one) for one in refused] == ["again"] * (PARALLEL - 1)
    assert _held(committed, wish) == 1


def test_without_the_index_one_account_would_hold_many(committed: Town) -> None:
    wish = committed.open_wish(WishWords(title="想要三十袋米", value_yuan=300, parts=30))
    with as_owner() as cursor:
        cursor.execute("DROP INDEX wishes_claim_one_live")
    race(*[_press(committed.lin, wish)] * PARALLEL)
    assert _held(committed, wish) > 1


def test_a_claim_confirmed_twenty_times_is_in_the_book_once(committed: Town) -> None:
    claim = committed.claim(committed.open_wish())
    with acting(committed.lin):
        deliver_claim(by=committed.lin, claim_id=claim.pk, minutes=30)
    works = [(by, lambda by=by: confirm_claim(by=by, claim_id=claim.pk))
             for by in (committed.sun, committed.chen) for _ in range(PARALLEL // 2)]
    assert len(failures(race(*works))) == PARALLEL - 1
    with acting(committed.chen):
        assert ServiceRecord.objects.count() == 1


def test_the_database_refuses_a_claimer_who_confirms(committed: Town) -> None:
    claim = committed.claim(committed.open_wish(), committed.sun)
    with acting(committed.sun):
        deliver_claim(by=committed.sun, claim_id=claim.pk, minutes=30)
        mine = WishClaim.objects.filter(pk=claim.pk)
        with pytest.raises(IntegrityError, match="wishes_claim_other_confirms"):
            mine.update(state="confirmed", confirmed_by=committed.sun.actor)
        with as_owner() as cursor:
            cursor.execute("ALTER TABLE wishes_wishclaim DROP CONSTRAINT wishes_claim_other_confirms")
        assert mine.update(state="confirmed", confirmed_by=committed.sun.actor) == 1


def test_the_database_refuses_shown_thanks_without_consent_and_lost_claims(committed: Town) -> None:
    wish = committed.open_wish()
    claim = committed.claim(wish)
    with acting(committed.sun):
        with pytest.raises(IntegrityError, match="wishes_wish_thanks_consent"):
            Wish.objects.filter(pk=wish.pk).update(is_thanks_shown=True)
        with pytest.raises(IntegrityError, match="not removed"):
            WishClaim.objects.filter(pk=claim.pk).delete()
        with pytest.raises(IntegrityError, match="wishes_wish_ceiling"):
            Wish.objects.filter(pk=wish.pk).update(value_yuan=501)
