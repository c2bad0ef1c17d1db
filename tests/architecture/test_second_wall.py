"""The second wall: whatever a query forgets, the database shows and takes rows of the viewer's communities only."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, connection, transaction

from fuhui.shared.tenancy.models import TenantKey, TenantRow
from fuhui.shared.tenancy.scope import acting, enter
from fuhui.shared.viewers import VISITOR, Viewer, system
from tests.personas import Place

pytestmark = pytest.mark.django_db


def rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def tenant_tables() -> set[str]:
    """Every table of the database with a community_id, whoever made it."""
    return {
        row[0]
        for row in rows(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace"
            " AND a.attname = 'community_id' AND NOT a.attisdropped"
        )
    }


def unprotected(tables: set[str]) -> set[str]:
    """Those without row-level security or without a policy that asks for the connection's communities."""
    protected = {
        row[0]
        for row in rows(
            "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid WHERE c.relrowsecurity"
            " AND pg_get_expr(p.polqual, p.polrelid) LIKE '%%fuhui_communities()%%'"
            " AND (p.polwithcheck IS NULL OR pg_get_expr(p.polwithcheck, p.polrelid) LIKE '%%fuhui_communities()%%')"
        )
    }
    return tables - protected


def test_every_table_that_belongs_to_a_community_has_a_policy() -> None:
    tables = tenant_tables()
    # The head rows of the audit chains are reached by the sealing trigger alone.
    reachable = {table for table in tables if rows("SELECT has_table_privilege(%s, 'SELECT')", table)[0][0]}
    assert len(tables) > 30
    assert not unprotected(reachable)


def test_a_tenant_table_without_a_policy_would_be_found() -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE forgotten (id uuid, community_id uuid)")
        assert unprotected({"forgotten"}) == {"forgotten"}


def test_every_tenant_model_is_a_tenant_table() -> None:
    models = {model._meta.db_table for model in apps.get_models() if issubclass(model, TenantRow)}
    assert models <= tenant_tables()


def test_the_application_is_not_the_owner_and_cannot_step_past_the_wall() -> None:
    ((name, is_super, bypasses),) = rows(
        "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    )
    owned = rows(
        "SELECT relname FROM pg_class WHERE relowner = current_user::regrole AND relname = ANY(%s)",
        sorted(tenant_tables()),
    )
    assert (name, is_super, bypasses, owned) == ("fuhui_app", False, False, [])


def test_every_reference_between_tenant_tables_carries_the_community() -> None:
    carried = {
        (table, column)
        for table, column in rows(
            "SELECT conrelid::regclass::text, a.attname FROM pg_constraint k"
            " JOIN pg_attribute c ON c.attrelid = k.conrelid AND c.attname = 'community_id'"
            " JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY(k.conkey)"
            " AND a.attname <> 'community_id'"
            " WHERE k.contype = 'f' AND c.attnum = ANY(k.conkey)"
        )
    }
    wanted = {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        if issubclass(model, TenantRow)
        for field in model._meta.local_fields
        if isinstance(field, TenantKey)
    }
    assert wanted
    assert not wanted - carried


def test_no_row_can_point_into_another_community(community: Place, neighbour: Place) -> None:
    from fuhui.registry.places.models import Building

    both = system("test", community.id, neighbour.id)

    def point_elsewhere() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            Building.objects.create(community_id=community.id, grid_id=neighbour.grids[3], name="假的")
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with acting(both), pytest.raises(IntegrityError, match="grid_id_tenant"):
        point_elsewhere()


def test_a_row_cannot_be_written_into_another_community(community: Place, neighbour: Place, zhao: Viewer) -> None:
    from fuhui.registry.places.models import Grid

    with acting(zhao), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Grid.objects.create(community_id=neighbour.id, number=99, name="不是我的")


def test_without_a_viewer_no_row_is_seen(community: Place) -> None:
    from fuhui.registry.places.models import Grid

    enter(VISITOR)
    assert Grid.objects.count() == 0
    with acting(system("test", community.id)):
        assert Grid.objects.count() == 2


def test_a_rollback_does_not_leave_a_wider_scope_behind(community: Place, zhao: Viewer) -> None:
    from fuhui.registry.places.models import Grid

    enter(VISITOR)
    with pytest.raises(RuntimeError), transaction.atomic(), acting(zhao):
        raise RuntimeError
    assert Grid.objects.count() == 0


def test_a_query_without_its_viewer_filter_shows_nothing_foreign(
    community: Place,
    neighbour: Place,
    chen: Viewer,
    outsider: Viewer,
    signed_in: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from django.db.models import Q

    from fuhui.domains.cases.actions.intake import CaseInput, submit_case
    from fuhui.domains.cases.queries import queue as queue_module

    with acting(chen):
        submit_case(by=chen, community_id=community.id, matter=CaseInput(text="我们这边的路灯坏了", source="phone"))
    with acting(outsider):
        submit_case(by=outsider, community_id=neighbour.id, matter=CaseInput(text="南关的井盖坏了", source="phone"))
    monkeypatch.setattr(queue_module, "visible", lambda viewer: Q())
    page = signed_in(chen).get("/queue/?tab=all").content.decode()
    assert "路灯" in page
    assert "南关" not in page
