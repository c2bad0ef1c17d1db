"""Real commits, because entries are sealed at commit. Each test has its own community, so nothing needs emptying."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connections
from psycopg import Connection, connect

from fuhui.shared.identifiers import new_id
from fuhui.shared.tenancy import scope
from fuhui.shared.viewers import Viewer


@pytest.fixture
def community(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[UUID]:
    """A community of this test alone, with the database unlocked for real transactions."""
    community_id = new_id()
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield community_id
        scope.leave()
        for alias in ("default", "owner"):
            connections[alias].close()


@pytest.fixture
def chen(community: UUID) -> Viewer:
    """Chen, the secretary of the test's community."""
    return secretary(community)


def secretary(community: UUID) -> Viewer:
    """A secretary called Chen in a community."""
    from fuhui.shared.viewers import Grant, Role

    grant = Grant(Role.SECRETARY, community)
    return Viewer(account_id=new_id(), name="陈书记", grants=(grant,), communities=(community,))


@pytest.fixture
def superuser(community: UUID) -> Iterator[Connection[tuple[object, ...]]]:
    """Somebody with the database server in hand: no trigger, no wall holds them."""
    place = connections["owner"].settings_dict
    if settings.DATABASE_URL:
        pytest.skip("needs the superuser of the embedded server")
    with connect(host=place["HOST"], user="postgres", dbname=place["NAME"], autocommit=True) as db:
        db.execute("SET session_replication_role = replica")
        yield db
        db.execute("DELETE FROM audit_entry WHERE community_id = %s", [community])
        db.execute("DELETE FROM audit_chain WHERE chain = %s", [community])
