from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from uuid import UUID

import psycopg
import pytest
from click.testing import CliRunner
from django.db import DatabaseError, connection, connections, transaction
from psycopg import Connection

from fuhui.shared import audit
from fuhui.shared.audit.cli import audit as audit_command
from fuhui.shared.audit.queries import Wanted, entries_for
from fuhui.shared.audit.sealing import seal_function
from fuhui.shared.audit.tests.conftest import secretary
from fuhui.shared.audit.verify import Problem, check, check_latest
from fuhui.shared.errors import BadInput, NotAllowed
from fuhui.shared.identifiers import new_id
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import VISITOR, Viewer, visitor_in

Superuser = Connection[tuple[object, ...]]


def write(by: Viewer, community: UUID | None, count: int = 1, action: str = "cases.close") -> None:
    for number in range(count):
        audit.record(action, by=by, community_id=community, subject="case", subject_id=new_id(), data={"n": number})


def problems_of(community: UUID) -> list[Problem]:
    return [problem for problem in check().problems if problem.chain == community]


def head_of(community: UUID) -> int:
    return check().heads[community].seq


def in_threads(work: Callable[[], None], count: int) -> list[BaseException]:
    """Runs the work at once in threads with connections of their own; returns what they raised."""
    raised: list[BaseException] = []
    gate = threading.Barrier(count)

    def run() -> None:
        try:
            gate.wait()
            work()
        except BaseException as error:
            raised.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_eight_people_writing_at_once_make_one_unbroken_chain(community: UUID, chen: Viewer) -> None:
    def work() -> None:
        with acting(chen):
            for _ in range(10):
                with transaction.atomic():
                    write(chen, community, 2)

    assert in_threads(work, 8) == []
    assert head_of(community) == 160
    assert problems_of(community) == []


def test_without_the_lock_two_writers_fork_the_chain(community: UUID, chen: Viewer) -> None:
    """Negative control: the lock of the head is what keeps eight writers in one line."""
    write_one(chen, community)

    def work() -> None:
        with acting(chen):
            for _ in range(20):
                write(chen, community)

    with connections["owner"].cursor() as cursor:
        cursor.execute(seal_function(head_lock=""))
        try:
            raised = in_threads(work, 8)
        finally:
            cursor.execute(seal_function())
    assert any("audit_entry_no_fork" in str(error) for error in raised)


def write_one(by: Viewer, community: UUID) -> None:
    with acting(by):
        write(by, community)


def test_two_communities_written_in_opposite_order_do_not_block_each_other(community: UUID) -> None:
    other = new_id()
    both = Viewer(name="夜间任务", communities=(community, other), is_system=True)
    turn = iter((True, False))

    def work() -> None:
        first, second = (community, other) if next(turn) else (other, community)
        with acting(both):
            for _ in range(30):
                with transaction.atomic():
                    write(both, first)
                    write(both, second)

    assert in_threads(work, 2) == []
    assert (head_of(community), head_of(other)) == (60, 60)


def taken_back(work: Callable[[], None]) -> None:
    with transaction.atomic():
        work()
        transaction.set_rollback(True)


def test_a_rolled_back_action_leaves_no_entry_and_no_gap(community: UUID, chen: Viewer) -> None:
    with acting(chen):
        write(chen, community)
        taken_back(lambda: write(chen, community))
        write(chen, community)
    assert head_of(community) == 2
    assert problems_of(community) == []


def test_one_record_is_one_statement(community: UUID, chen: Viewer) -> None:
    from django.test.utils import CaptureQueriesContext

    with acting(chen), CaptureQueriesContext(connection) as statements:
        write(chen, community)
    assert len(statements) == 1


@pytest.mark.parametrize(
    ("statement", "what", "seq"),
    [
        ("UPDATE audit_entry SET data = '{\"n\": 9}' WHERE community_id = %s AND seq = 2", "content", 2),
        ("UPDATE audit_entry SET actor_name = '别人' WHERE community_id = %s AND seq = 3", "content", 3),
        ("UPDATE audit_entry SET at = at - interval '1 day' WHERE community_id = %s AND seq = 1", "content", 1),
        ("DELETE FROM audit_entry WHERE community_id = %s AND seq = 3", "gap", 4),
        ("DELETE FROM audit_entry WHERE community_id = %s AND seq >= 4", "tail", 5),
        ("UPDATE audit_chain SET seq = 4 WHERE chain = %s", "head", 4),
        ("DELETE FROM audit_chain WHERE chain = %s", "head", 5),
    ],
)
def test_tampering_with_the_server_in_hand_is_named(
    community: UUID, chen: Viewer, superuser: Superuser, statement: str, what: str, seq: int
) -> None:
    with acting(chen), transaction.atomic():
        write(chen, community, 5)
    superuser.execute(statement, [community])
    found = problems_of(community)
    assert [(problem.what, problem.seq) for problem in found] == [(what, seq)]


def test_a_rewritten_entry_breaks_the_link_to_the_next(community: UUID, chen: Viewer, superuser: Superuser) -> None:
    from fuhui.shared.audit.canonical import CANONICAL

    with acting(chen), transaction.atomic():
        write(chen, community, 4)
    superuser.execute("UPDATE audit_entry SET actor_name = '别人' WHERE community_id = %s AND seq = 2", [community])
    superuser.execute(
        f"UPDATE audit_entry e SET hash = sha256(convert_to({CANONICAL}, 'UTF8')) WHERE community_id = %s AND seq = 2",
        [community],
    )
    assert [(problem.what, problem.seq) for problem in problems_of(community)] == [("link", 3)]


def test_an_entry_slipped_in_behind_the_triggers_is_named(community: UUID, superuser: Superuser) -> None:
    entry = new_id()
    superuser.execute(
        "INSERT INTO audit_entry (id, community_id, actor, actor_name, action, subject, subject_id, data)"
        " VALUES (%s, %s, '', '', 'x', '', '', '{}')", [entry, community],
    )
    assert [(problem.what, problem.entry_id) for problem in problems_of(community)] == [("unsealed", entry)]


@pytest.mark.parametrize("alias", ["default", "owner"])
@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_entry SET action = 'x'", "UPDATE audit_entry SET hash = NULL", "DELETE FROM audit_entry",
     "TRUNCATE audit_entry", "TRUNCATE audit_chain"],
)
def test_nobody_changes_or_removes_an_entry(community: UUID, chen: Viewer, alias: str, statement: str) -> None:
    write_one(chen, community)
    with acting(chen), connections[alias].cursor() as cursor, pytest.raises(DatabaseError):
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit_entry (id, actor, actor_name, action, subject, subject_id, data, at)"
        " VALUES (gen_random_uuid(), '', '', '', '', '', '{}', now())",
        "UPDATE audit_chain SET seq = 0", "INSERT INTO audit_chain VALUES (gen_random_uuid(), 0, '')",
        "INSERT INTO audit_sealing VALUES (pg_current_xact_id())",
    ],
)
def test_the_application_chooses_neither_time_nor_hash_nor_head(community: UUID, statement: str) -> None:
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="permission denied"):
        cursor.execute(statement)


def test_an_unsealed_entry_cannot_be_sealed_by_hand(community: UUID, chen: Viewer) -> None:
    with connections["owner"].cursor() as cursor, transaction.atomic(using="owner"):
        cursor.execute(
            "INSERT INTO audit_entry (id, community_id, actor, actor_name, action, subject, subject_id, data)"
            " VALUES (%s, %s, '', '', 'x', '', '', '{}')", [new_id(), community],
        )
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(using="owner"):
            cursor.execute("UPDATE audit_entry SET seq = 7, hash = 'x' WHERE community_id = %s", [community])
    assert problems_of(community) == []


def test_another_community_neither_reads_nor_writes_the_chain(community: UUID, chen: Viewer) -> None:
    write_one(chen, community)
    stranger = secretary(new_id())
    with acting(stranger):
        assert count() == 0
        with pytest.raises(DatabaseError, match="row-level security"):
            write(stranger, community)


def count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_entry WHERE community_id IS NOT NULL")
        return int(cursor.fetchone()[0])


def test_a_visitor_leaves_a_trace_but_reads_none(community: UUID, chen: Viewer) -> None:
    visitor = visitor_in(community)
    with acting(visitor):
        write(visitor, community)
        with pytest.raises(NotAllowed):
            entries_for(visitor, community_id=community)
    with acting(chen):
        assert [row.actor for row in entries_for(chen, community_id=community).rows] == ["visitor"]
    with acting(VISITOR), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_entry")
        assert cursor.fetchone()[0] == 0


def test_chen_pages_through_the_entries_of_one_matter(community: UUID, chen: Viewer) -> None:
    with acting(chen):
        for number in range(7):
            audit.record("cases.note", by=chen, community_id=community, subject="case", subject_id="7",
                         data={"n": number})
        audit.read("person", by=chen, community_id=community, subject_id="1",
                   data={"on": date(2026, 3, 2), "x": "a\x00b"})
        first = entries_for(chen, community_id=community, wanted=Wanted(subject="case", subject_id="7"), limit=5)
        second = entries_for(chen, community_id=community, wanted=Wanted(subject="case", subject_id="7"), limit=5,
                             after=first.after)
        reads = entries_for(chen, community_id=community, wanted=Wanted(action="person.read")).rows
    assert [row.data["n"] for row in first.rows + second.rows] == [6, 5, 4, 3, 2, 1, 0]
    assert second.after is None
    assert reads[0].data == {"on": "2026-03-02", "x": "ab"}
    with pytest.raises(BadInput):
        entries_for(chen, community_id=community, after="nonsense")


def test_the_command_names_the_row_and_fails(community: UUID, chen: Viewer, superuser: Superuser) -> None:
    with acting(chen), transaction.atomic():
        write(chen, community, 2)
    superuser.execute("UPDATE audit_entry SET action = 'x' WHERE community_id = %s AND seq = 2", [community])
    answer = CliRunner().invoke(audit_command, ["verify"])
    assert answer.exit_code == 1
    assert f"链 {community} 第 2 条" in answer.output


def test_reference_checks_at_commit_come_before_the_chain_is_locked(community: UUID, chen: Viewer) -> None:
    """A commit that waits for a row inside its reference checks must not hold the chain while it waits."""
    sealed_last = "SELECT count(*) FROM audit_chain WHERE chain = %s"
    place = connections["owner"].settings_dict
    with acting(chen), connections["owner"].cursor() as owner:
        owner.execute("CREATE TABLE scratch_last (id int, heads int)")
        owner.execute(
            "CREATE FUNCTION scratch_look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE scratch_last"
            f" SET heads = (SELECT count(*) FROM audit_chain WHERE chain = '{community}'); RETURN NULL; END $$"
        )
        owner.execute(
            "CREATE CONSTRAINT TRIGGER look AFTER INSERT ON scratch_last DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW EXECUTE FUNCTION scratch_look()"
        )
        try:
            with transaction.atomic(using="owner"):
                owner.execute(
                    "INSERT INTO audit_entry (id, community_id, actor, actor_name, action, subject, subject_id, data)"
                    " VALUES (%s, %s, '', '', 'x', '', '', '{}')", [new_id(), community],
                )
                owner.execute("INSERT INTO scratch_last VALUES (1, -1)")
            with psycopg.connect(host=place["HOST"], user="fuhui_owner", dbname=place["NAME"]) as db:
                assert db.execute("SELECT heads FROM scratch_last").fetchone() == (0,)
                assert db.execute(sealed_last, [community]).fetchone() == (1,)
        finally:
            owner.execute("DROP TABLE scratch_last; DROP FUNCTION scratch_look()")


def test_a_page_finds_a_changed_entry_among_the_latest(community: UUID, chen: Viewer, superuser: Superuser) -> None:
    with acting(chen):
        write(chen, community, 6)
    with acting(chen):
        assert (check_latest(community, 4).entries, check_latest(community, 4).problems) == (4, [])
        assert check_latest(community).entries == 6
    superuser.execute("UPDATE audit_entry SET actor_name = '别人' WHERE community_id = %s AND seq = 5", [community])
    superuser.execute("DELETE FROM audit_entry WHERE community_id = %s AND seq = 3", [community])
    with acting(chen):
        assert [(one.seq, one.what) for one in check_latest(community).problems] == [(4, "gap"), (5, "content")]
        assert [one.what for one in check_latest(community, 2).problems] == ["content"]
