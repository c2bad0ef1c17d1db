"""Who gets what: every address and API operation, asked by every role, against the reviewed table."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import permissions
from tests.database import own_copy
from tests.permissions import Answers
from tests.town import ROLES, Town, build


@pytest.fixture(scope="module")
def town(
    template_database: str, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """The town in a database of this module."""
    from django.test import override_settings

    with own_copy(template_database, "town", django_db_blocker), override_settings(
        MEDIA_ROOT=tmp_path_factory.mktemp("files")
    ):
        yield build()


@pytest.fixture(scope="module")
def answers(town: Town) -> Answers:
    """What every address really answers to everybody."""
    found = permissions.ask_all(town)
    if os.environ.get(permissions.WRITE):
        permissions.write(found)
    return found


def test_every_address_answers_every_role_as_reviewed(answers: Answers) -> None:
    found = permissions.differences(permissions.read(), answers)
    assert not found, "\n" + "\n".join(found)


def test_no_role_breaks_any_address(answers: Answers) -> None:
    assert not [key for key, row in answers.items() if any(word.startswith("broken") for word in row)]


def test_an_address_without_a_row_and_a_row_without_an_address_are_found() -> None:
    known = {("a", "GET", "/a/", "own"): ("ok",) * len(ROLES)}
    assert "no row yet" in permissions.differences({}, known)[0]
    assert "no address any more" in permissions.differences(known, {})[0]


def test_a_changed_answer_is_named_by_its_role() -> None:
    key = ("a", "GET", "/a/", "own")
    before, now = ("no",) * len(ROLES), ("ok", *("no",) * (len(ROLES) - 1))
    assert permissions.differences({key: before}, {key: now}) == [
        "a GET /a/ own: visitor gets “ok”, reviewed was “no”"
    ]


def test_nobody_of_one_community_reads_or_changes_anothers_objects() -> None:
    """Whatever names an object of a community of another street is closed to everybody but those of the whole town."""
    everywhere = {"operator"}
    for key, row in permissions.read().items():
        if key[3] == "other" and key[0] not in permissions.PUBLIC | permissions.EMPTY_LISTS:
            opened = {role for role, word in zip(ROLES, row, strict=True) if word in {"ok", "form"}}
            assert opened <= everywhere, (key, opened)


def test_the_words_are_explained() -> None:
    explained = (Path(permissions.TABLE).parent / "permissions.md").read_text(encoding="utf-8")
    words = {word for row in permissions.read().values() for word in row}
    assert not [word for word in words | set(ROLES) if f"`{word}`" not in explained]
