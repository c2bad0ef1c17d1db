# ruff: noqa: E501
"""Labelling whole conversations, the corpus, the command line, and the measured figures."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from datetime import datetime

import pytest
from click.testing import CliRunner

from fuhui.triage import Kind, Label, Message, label, load_model
from fuhui.triage.cli import triage
from fuhui.triage.corpus import kept_back_files, read_labelled, read_lines, training_files
from fuhui.triage.model import WEIGHTS
from fuhui.triage.privacy import private_spans
from fuhui.triage.scoring import score
from fuhui.triage.tests.helpers import data_file, rows_of, talk
from fuhui.triage.training import to_message
from fuhui.triage.urgency import COMPILED, SIEVE


def kinds(labels: Sequence[Label]) -> list[Kind]:
    return [found.kind for found in labels]


def test_places_are_compared_before_words() -> None:
    found = label(talk(("甲", "3栋2单元电梯坏了没人修"), ("乙", "5栋1单元电梯坏了没人修"), ("丙", "3栋2单元电梯还是坏的")))
    assert found[0].case != found[1].case
    assert found[0].case == found[2].case


def test_plus_one_and_staff_and_thanks_join_the_matter() -> None:
    found = label(talk(("甲", "6号楼停水了？"), ("乙", "同问 我家也没水"), ("网格员小李", "水泵检修，十点来水"), ("甲", "来水了，谢谢")))
    assert kinds(found) == [Kind.REPORT, Kind.DETAIL, Kind.STAFF, Kind.CONFIRM]
    assert len({x.case for x in found}) == 1


def test_the_reason_is_told_as_a_grid_worker_would_say_it() -> None:
    said = [("甲", "3号楼2单元电梯坏了没人修"), ("乙", "早上好"), ("丙", "买菜去不"), ("甲", "3号楼2单元电梯还是不动")]
    found = label(talk(*said, gap=4))[3]
    assert any("同一单元同一件事" in reason for reason in found.evidence["case"])
    assert any("12 分钟前" in reason for reason in found.evidence["case"])


def test_what_is_said_to_be_another_matter_is_not_joined() -> None:
    said = talk(("甲", "15号楼1单元下水道又堵了，马桶往外冒"), ("乙", "18号楼后面污水井也冒了"), ("乙", "跟15号楼那家不是一码事"))
    found = label(said)
    assert found[2].case != found[0].case


def test_a_matter_that_comes_back_is_new() -> None:
    first = talk(("甲", "车棚那边垃圾没人收"), ("甲", "垃圾清走了 干净了"), ("甲", "车棚那边垃圾又没人收"), gap=60 * 24)
    found = label(first)
    assert found[0].case == found[1].case != found[2].case


def test_what_follows_in_an_urgent_matter_is_urgent_until_it_is_over() -> None:
    found = label(talk(("甲", "着火了！二楼冒黑烟 快打119"), ("甲", "门锁着 里面有老人"), ("网格员小李", "119马上到"), ("甲", "火灭了 人没事"), gap=2))
    assert [x.urgent for x in found] == [True, True, False, False]


def test_messages_without_time_or_words_do_no_harm() -> None:
    odd = [Message("1", "", "", None, ""), Message("2", "", "", None, "\x00" * 9), Message("3", "g", "x", None, "[图片]")]
    assert [x.id for x in label(odd)] == ["1", "2", "3"]


@pytest.mark.parametrize("text", [
    "3号楼灯坏了", "路灯不亮", "@社区助手 3号楼灯坏了", "电梯坏了", "垃圾没人收", "没水了", "井盖没了", "7栋一单元门禁坏了", "楼道灯一直不亮",
])  # fmt: skip
def test_a_bare_fault_without_a_conversation_is_a_report(text: str) -> None:
    found = label([Message("1", "群", "张姐", datetime(2026, 3, 2, 9, 0), text)])[0]  # noqa: DTZ001
    assert found.kind is Kind.REPORT
    assert found.confidence >= 0.5


@pytest.mark.parametrize("text", ["大家早上好", "收到，谢谢", "哈哈哈笑死我了", "出闲置婴儿车一辆，八成新，五十块"])
def test_bare_chatter_without_a_conversation_stays_chatter(text: str) -> None:
    assert label([Message("1", "群", "张姐", datetime(2026, 3, 2, 9, 0), text)])[0].kind is Kind.CHAT  # noqa: DTZ001


def test_no_danger_pattern_that_would_match_is_left_out() -> None:
    texts = [row["text"] for row in [*read_labelled(training_files()[::8]), *read_lines()]]
    for text in texts:
        worth = set(SIEVE.worth(text))
        assert not [at for at, (_, _, rule) in enumerate(COMPILED) if at not in worth and rule.search(text)], text
    assert sum(len(list(SIEVE.worth(text))) for text in texts) < 0.5 * len(texts) * len(COMPILED)


def test_every_judgement_carries_its_evidence() -> None:
    found = label(talk(("甲", "3号楼路灯不亮三天了没人管")))[0]
    assert found.evidence["kind"]
    assert found.evidence["category"]
    assert found.place is not None


def test_labelling_keeps_pace_and_hostile_text_is_bounded() -> None:
    rows = [to_message(row) for row in read_labelled(training_files())]
    label(rows)
    began = time.process_time()
    label([Message("1", "g", "s", None, "电梯里有人孩子没回来" * 100_000), *talk(*[("甲", f"第{i}号楼停水了") for i in range(2000)])])
    assert time.process_time() - began < 10


def test_the_shipped_model_loads_quickly_and_is_small() -> None:
    began = time.process_time()
    load_model()
    assert time.process_time() - began < 1
    assert WEIGHTS.stat().st_size < 20_000_000


def test_kept_back_transcripts_reach_the_figures() -> None:
    """Bars a little below what was measured; docs/triage.md says where the aims are not reached yet."""
    rows = read_labelled(kept_back_files())
    if not rows:
        pytest.skip("fuhui/triage/kept_back holds no transcript at present: nothing unseen to measure on")
    figures = score(rows, label([to_message(row) for row in rows]))
    assert figures["matter_f1"] >= 0.90
    assert figures["cases_found"] >= 0.95
    assert figures["category_right"] >= 0.78
    assert figures["pair_f1"] >= 0.68
    assert figures["urgent_cases_flagged"] >= 0.8 * figures["urgent_cases"]
    assert figures["private_covered"] == figures["private"]
    assert figures["false_alarms"] <= 0.03


def test_the_practice_transcript_reaches_the_figures() -> None:
    rows = rows_of(data_file("practice.jsonl"))
    figures = score(rows, label([to_message(row) for row in rows]))
    assert figures["matter_f1"] >= 0.90
    assert figures["category_right"] >= 0.85
    assert figures["pair_f1"] >= 0.80
    assert figures["urgent_cases_flagged"] == figures["urgent_cases"]
    assert figures["private_covered"] == figures["private"]
    assert figures["false_alarms"] <= 0.02
    assert all(private_spans(row["text"]) for row in rows if row["private"])


def test_the_commands_read_and_label() -> None:
    run = CliRunner()
    read = run.invoke(triage, ["read", "-", "--group", "三网格"], input="甲 2026-03-12 08:00\n3号楼停水了\n")
    assert read.exit_code == 0
    row = json.loads(read.stdout)
    assert (row["group"], row["sender"], row["time"]) == ("三网格", "甲", "2026-03-12 08:00:00")
    labelled = run.invoke(triage, ["label", "-"], input=read.stdout)
    assert set(json.loads(labelled.stdout)) == {"id", "kind", "case", "category", "urgent", "private", "place", "confidence"}


def test_half_an_emoji_does_not_stop_the_label_command() -> None:
    row = '{"id":"1","group":"g","sender":"甲\\ud83d","time":"2026-03-12 08:00:00","text":"3号楼停水了\\ude00，打19900001234"}'
    done = CliRunner().invoke(triage, ["label", "-"], input=row + "\n")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["private"] == ["19900001234"]


@pytest.mark.parametrize("text", ["", "没有名字的一段话", "PK\x03\x04"])
def test_the_read_command_ends_with_two_and_a_hint_when_nothing_is_read(text: str) -> None:
    done = CliRunner().invoke(triage, ["read", "-"], input=text)
    assert done.exit_code == 2
    assert "请" in done.stderr
