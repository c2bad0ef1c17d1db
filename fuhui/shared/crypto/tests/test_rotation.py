from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings as live
from django.db import connection
from pytest_django import Settings

from fuhui.shared.crypto import rotation, seal, unseal
from fuhui.shared.crypto.keys import add_key, newest_key_id
from fuhui.shared.crypto.rotation import reseal_all, rotate_keys
from fuhui.shared.jobs.tests.support import make_community
from fuhui.shared.messages import send
from fuhui.shared.messages.models import Message
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer, system

COLUMN = "inbox.message.to_contact"


@pytest.fixture
def own_keys(settings: Settings, tmp_path: Path) -> Path:
    """A copy of the installation's keys that the test may change."""
    path = tmp_path / "secrets.json"
    shutil.copy(Path(live.VAR) / "secrets.json", path)
    settings.VAR = tmp_path
    settings.SECRETS = json.loads(path.read_text())
    return path


def scopes(*communities: UUID) -> Iterator[Viewer]:
    return (system("keys", community) for community in communities)


def letters(community: UUID, count: int) -> None:
    with acting(system("tests", community)):
        for number in range(count):
            send(community_id=community, to_phone=f"1990000{number:04d}", kind="t", title="t", body="b")


def headers(community: UUID) -> set[str]:
    with acting(system("tests", community)), connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT convert_from(substring(to_contact FROM 4 FOR 2), 'UTF8') FROM inbox_message")
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.django_db
def test_after_a_rotation_every_value_is_under_the_new_key(own_keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", 3)
    here, there = make_community(), make_community("980000000000", "南关社区")
    letters(here, 7)
    letters(there, 2)
    old = newest_key_id()
    new = rotate_keys(by=system("keys"))
    assert new != old
    assert own_keys.stat().st_mode & 0o777 == 0o600
    assert headers(here) == {old}
    assert reseal_all(scopes(here))[COLUMN] == 7
    assert (headers(here), headers(there)) == ({new}, {old})
    assert reseal_all(scopes(here, there))[COLUMN] == 2  # what is done is not done again
    with acting(system("tests", here)):
        assert sorted(row.to_contact for row in Message.objects.all())[0] == "19900000000"


@pytest.mark.django_db
def test_resealing_goes_on_where_it_was_broken_off(own_keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", 2)
    here = make_community()
    letters(here, 6)
    rotate_keys(by=system("keys"))
    whole, runs = rotation._reseal_batch, []

    def break_off(field: object) -> int:
        runs.append(field)
        if len(runs) == 2:
            raise KeyboardInterrupt
        return whole(field)  # type: ignore[arg-type]

    monkeypatch.setattr(rotation, "_reseal_batch", break_off)
    monkeypatch.setattr(rotation, "sealed_fields", lambda: [Message._meta.get_field("to_contact")])
    with pytest.raises(KeyboardInterrupt):
        reseal_all(scopes(here))
    monkeypatch.setattr(rotation, "_reseal_batch", whole)
    assert reseal_all(scopes(here))[COLUMN] == 4


def test_a_running_process_takes_up_a_key_that_another_has_added(own_keys: Path, settings: Settings) -> None:
    before = json.loads(own_keys.read_text())
    add_key()
    blob = seal("x", context="c")
    settings.SECRETS = before  # a process that was started earlier
    assert unseal(blob, context="c") == "x"


def test_two_rotations_at_once_keep_both_keys(own_keys: Path) -> None:
    threads = [threading.Thread(target=add_key) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(json.loads(own_keys.read_text())["field_keys"]) == 7
