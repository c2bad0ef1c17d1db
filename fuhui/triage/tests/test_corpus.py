"""The labelled transcripts stay what corpus/README.md says of them."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from typing import Any

import pytest

from fuhui.triage import Category, Kind
from fuhui.triage.corpus import FOLDER, kept_back_files, line_files, read_labelled, read_lines, training_files
from fuhui.triage.numerals import half_width
from fuhui.triage.privacy import id_checksum_ok
from fuhui.triage.tests.helpers import data_file, rows_of

FILES = [*training_files(), *kept_back_files()]
ROWS = read_labelled(FILES)
FIELDS = {"id", "group", "sender", "time", "text", "kind", "case", "category", "urgent", "private", "transcript"}
ID_NUMBER = re.compile(r"(?<!\d)[1-9]\d{16}[\dX](?!\d)")
PHONE = re.compile(r"(?<!\d)1[3-9]\d(?:[ \-]?\d){8}(?!\d)")


def by_case() -> dict[tuple[str, str], list[dict[str, Any]]]:
    found = defaultdict(list)
    for row in ROWS:
        if row["case"]:
            found[row["transcript"], row["case"]].append(row)
    return found


def runs_of(text: str) -> set[str]:
    plain = re.sub(r"\[[^\]]*\]|\s", "", text)
    return {plain[at : at + 4] for at in range(len(plain) - 3)}


def test_there_is_enough_of_it() -> None:
    assert len(read_labelled(training_files())) >= 3000
    assert len(training_files()) >= 40


def test_every_line_has_the_fields_of_the_format() -> None:
    for row in ROWS:
        assert set(row) == FIELDS
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", row["time"])
        assert row["kind"] in set(Kind)
        assert set(row["category"] or ()) <= set(Category)
    assert len({row["id"] for row in ROWS}) == len(ROWS)


def test_a_case_is_raised_by_a_resident_and_keeps_its_category() -> None:
    for messages in by_case().values():
        assert any(row["kind"] == "report" for row in messages)
        assert len({tuple(row["category"]) for row in messages}) == 1
        raised = [row["urgent"] for row in messages if row["kind"] in {"report", "detail"}]
        assert not any(row["urgent"] for row in messages) or any(raised)


def test_chatter_belongs_to_no_case_and_only_what_is_raised_is_urgent() -> None:
    for row in ROWS:
        assert row["kind"] != "chat" or row["case"] is None
        assert bool(row["case"]) == bool(row["category"])
        assert not row["urgent"] or row["kind"] in {"report", "detail"}
        assert row["kind"] in {"chat", "staff"} or row["case"]


def test_private_strings_stand_in_their_text() -> None:
    assert all(part and part in row["text"] for row in ROWS for part in row["private"])


def test_phones_come_from_the_reserved_block() -> None:
    for row in ROWS:
        for phone in PHONE.findall(half_width(row["text"])):
            assert re.sub(r"\D", "", phone).startswith("1990000"), row["id"]


def test_id_numbers_are_well_formed_and_of_nobody() -> None:
    numbers = [number for row in ROWS for number in ID_NUMBER.findall(half_width(row["text"]))]
    assert numbers
    for number in numbers:
        assert not id_checksum_ok(number) or number.startswith("99"), number


def test_the_files_are_those_that_were_read_twice() -> None:
    listed = dict(line.split("  ")[::-1] for line in (FOLDER / "SHA256SUMS").read_text("utf-8").splitlines())
    given = [*FILES, *line_files()]
    found = {f"{path.parent.name}/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest() for path in given}
    assert found == listed


def test_single_lines_hold_known_categories_and_nobodys_number() -> None:
    lines = read_lines()
    assert len(lines) >= 1_400
    assert len({row["text"] for row in lines}) == len(lines)
    for row in lines:
        assert row["text"].strip() == row["text"] != ""
        assert set(row["category"] or ()) <= set(Category)
        assert row["category"] or not row["urgent"], row["id"]
        assert not PHONE.search(half_width(row["text"])), row["id"]


@pytest.mark.parametrize("name", ["practice.jsonl"])
def test_nothing_is_copied_from_what_it_is_measured_on(name: str) -> None:
    theirs = [runs for row in rows_of(data_file(name)) if len(runs := runs_of(row["text"])) >= 8]
    for row in [*ROWS, *read_lines()]:
        ours = runs_of(row["text"])
        assert not any(len(ours & runs) > 0.5 * len(runs) for runs in theirs), row["id"]
