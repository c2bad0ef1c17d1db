# ruff: noqa: E501 — lines of made-up requests
"""Tables of past requests: a city's own classes and hot issues, by the commands others call."""

from __future__ import annotations

import csv
import gzip
import json
import time
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from fuhui.triage.calibration import chances, expected_calibration_error, fit_sharpness
from fuhui.triage.cli import triage
from fuhui.triage.grams import count_grams
from fuhui.triage.hot import Entry, heat_of, hot_issues
from fuhui.triage.own_names import sayers
from fuhui.triage.rows import UnreadableRows, read_rows
from fuhui.triage.tests.helpers import data_file
from fuhui.triage.twins import twin_folds, twin_groups

LIGHT = ["路灯不亮", "路灯坏了", "路灯整条街不亮", "夜里路灯熄了", "路灯忽明忽暗", "路灯杆歪了"]
SCHOOL = ["孩子上学名额", "小学入学报名", "幼儿园学位不够", "学校午餐太贵", "入学要什么材料", "学区怎么划分"]


def table_at(path: Path, rows: list[list[str]], *, packed: bool = False, encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    if packed:
        path.write_bytes(gzip.compress(path.read_bytes()))
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(triage, [str(argument) for argument in arguments])


def lines(result: Result) -> list[dict[str, object]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def history(tmp_path: Path) -> Path:
    rows = [["row", "kind", "title", "detail"]]
    for at in range(6):
        for kind, titles in (("照明", LIGHT), ("教育", SCHOOL)):
            rows += [[str(100 + len(rows)), kind, titles[at] + word, f"详情：{titles[at]}，请处理"] for word in ("", "吧", "啊")]
    return table_at(tmp_path / "history.csv.gz", rows, packed=True)


def test_a_city_sorts_by_its_own_history(history: Path, tmp_path: Path) -> None:
    model = tmp_path / "model.npz"
    made = run("train-classifier", history, "--text", "title,detail", "--label", "kind", "--out", model)
    assert json.loads(made.stdout)["labels"] == ["教育", "照明"]
    new = table_at(tmp_path / "new.csv", [["title", "detail"], ["小区路灯又不亮", "黑"], ["入学名额怎么报", ""], ["", ""]])
    for columns in ("title", "title,detail"):
        found = lines(run("classify", model, new, "--text", columns))
        assert [row["row"] for row in found] == [0, 1, 2]
        assert [row["label"] for row in found[:2]] == ["照明", "教育"]
        assert all(0 < float(str(row["confidence"])) <= 1 for row in found)
    assert {row["row"] for row in lines(run("classify", model, history, "--text", "title"))} >= {101, 104}


def test_training_twice_gives_the_same_model(history: Path, tmp_path: Path) -> None:
    found = []
    for name in ("a.npz", "b.npz"):
        run("train-classifier", history, "--text", "title", "--label", "kind", "--out", tmp_path / name)
        found.append(run("classify", tmp_path / name, history, "--text", "title").stdout)
    assert found[0] == found[1]


def test_mistakes_end_in_a_sentence(history: Path, tmp_path: Path) -> None:
    model, broken = tmp_path / "m.npz", tmp_path / "broken.npz"
    broken.write_bytes(b"PK\x03\x04 nothing")
    one = table_at(tmp_path / "one.csv", [["title", "kind"], ["路灯", "照明"]])
    weights = Path(__file__).parents[1] / "weights.npz"
    for arguments in (
        ("train-classifier", history, "--text", "标题", "--label", "kind", "--out", model),
        ("train-classifier", history, "--text", "title", "--label", "类别", "--out", model),
        ("train-classifier", one, "--text", "title", "--label", "kind", "--out", model),
        ("train-classifier", tmp_path / "none.csv", "--text", "title", "--label", "kind", "--out", model),
        ("classify", broken, history, "--text", "title"),
        ("classify", weights, history, "--text", "title"),
        ("group", history, "--text", "nothing"),
    ):
        failed = run(*arguments)
        assert failed.exit_code == 2, arguments
        assert "请" in failed.stderr
        assert "Traceback" not in failed.output


def test_tables_are_read_in_the_encodings_of_office_software(tmp_path: Path) -> None:
    rows = [["编号", "标题"], ["1", "路灯坏了"], ["2"]]
    for encoding in ("utf-8-sig", "gb18030"):
        table = read_rows(table_at(tmp_path / "t.csv", rows, encoding=encoding))
        assert table.column("标题") == ["路灯坏了", ""]
        assert table.keys("id", "编号") == [1, 2]
    with pytest.raises(UnreadableRows, match="没有数据"):
        read_rows(table_at(tmp_path / "t.csv", [["标题"]]))
    (tmp_path / "cut.csv.gz").write_bytes(gzip.compress(b"a,b\n1,2\n" * 99)[:30])
    with pytest.raises(UnreadableRows, match="完整"):
        read_rows(tmp_path / "cut.csv.gz")


def test_hostile_files_end_in_a_sentence_and_no_row_is_lost_silently(tmp_path: Path) -> None:
    rows = [["title", "kind"], *([f"路灯坏了{at}", "照明"] for at in range(9)), *([f"入学报名{at}", "教育"] for at in range(9))]
    good = "\n".join(map(",".join, rows)) + "\n"
    refused = {
        "empty": (b"", "没有数据"), "mark": (b"\xef\xbb\xbf", "没有数据"), "heading": (b"title,kind\n", "没有数据"),
        "bytes": (bytes(range(128, 256)) * 99, "编码"), "quote": (good.encode() + b'x,"open\ny,z\n', "引号"),
        "pack": (b"\x1f\x8b" + bytes(99), "打不开"), "one": (good.replace("教育", "照明").encode(), "两个类别"),
        "missing": (good.replace("kind", "type").encode(), "kind"), "folder": (None, "打不开"),
    }  # fmt: skip
    for name, (data, word) in refused.items():
        file = tmp_path / name
        file.mkdir() if data is None else file.write_bytes(data)
        failed = run("train-classifier", file, "--text", "title", "--label", "kind", "--out", tmp_path / "m.npz")
        assert (failed.exit_code, word in failed.stderr, failed.stdout) == (2, True, ""), (name, failed.output)
        assert not (tmp_path / "m.npz").exists()
    read = {
        "mark": b"\xef\xbb\xbf" + good.encode(), "utf16": good.encode("utf-16"), "gb": good.encode("gb18030"),
        "nul": good.replace("灯", "\x00灯").encode(), "semicolon": good.replace(",", ";").encode(),
        "return": good.replace("\n", "\r").encode(), "large": good.encode() + ("长" * 3_500_000 + ",照明\n").encode(),
    }  # fmt: skip
    for name, data in read.items():
        (tmp_path / name).write_bytes(data)
        table = read_rows(tmp_path / name)
        assert table.column("title")[0] == "路灯坏了0", name
        assert table.column("kind")[:18] == ["照明"] * 9 + ["教育"] * 9, name
    out = tmp_path / "nowhere" / "m.npz"
    failed = run("train-classifier", tmp_path / "large", "--text", "title", "--label", "kind", "--out", out)
    assert failed.exit_code == 2
    assert "请换一个" in failed.stderr


def test_the_hot_issue_is_the_one_that_moves_most_people(tmp_path: Path) -> None:
    said = [
        ("青石湾小区旁边搅拌站夜里噪音大", "青石湾搅拌站粉尘噪音，整夜不停"), ("投诉青石湾附近搅拌站扰民", "搅拌站离青石湾不到百米"),
        ("青石湾业主反对建搅拌站", "请求搬走青石湾旁的搅拌站"), ("搅拌站粉尘污染青石湾", "青石湾家家不敢开窗，搅拌站粉尘"),
        ("松岭路公交车间隔太长", "早高峰松岭路公交等四十分钟"), ("松岭路公交发车太少", "松岭路公交经常等不到车"),
        ("咨询老年卡办理", "老年卡在哪里办，带什么材料"), ("公园长椅坏了", "湖边公园的长椅断了一条腿"),
    ]  # fmt: skip
    rows = [["id", "user", "title", "time", "detail", "up"]]
    rows += [[str(900 + at), f"u{at}", a, f"2025/3/{at + 1} 8:00:00", b, "4" if at == 4 else ""] for at, (a, b) in enumerate(said)]
    file = table_at(tmp_path / "year.csv", rows)
    found = lines(run("group", file, "--text", "title,detail", "--time", "time", "--weight", "up"))
    assert sorted(map(int, found[0]["ids"])) == [900, 901, 902, 903]  # type: ignore[call-overload]
    assert (found[0]["group"], found[0]["size"]) == (1, 4)
    assert (found[0]["first"], found[0]["last"]) == ("2025-03-01 08:00:00", "2025-03-04 08:00:00")
    assert sorted(map(int, found[1]["ids"])) == [904, 905]  # type: ignore[call-overload]
    assert found[1]["heat"] == 3.16  # two people, and four likes count half a voice for each doubling of 1 + likes
    assert sum(int(str(row["size"])) for row in found) == len(said)
    assert [row["heat"] for row in found] == sorted((row["heat"] for row in found), key=lambda heat: -float(str(heat)))


def test_a_group_is_settled_by_its_own_name() -> None:
    said = ["青石湾搅拌站扰民", "青石湾搅拌站粉尘", "搅拌站吵得青石湾睡不着", "求撤走青石湾搅拌站", "松岭路搅拌站在哪里买水泥", "家住青石湾"]
    naming = sayers([[0, 1, 2, 3], [4]], said)
    assert naming[0] in (frozenset({0, 1, 2, 3, 5}), frozenset({0, 1, 2, 3, 4}))
    assert naming[1] == frozenset()
    assert sayers([], said) == []
    assert sayers([[0, 1, 2, 3]], ["路灯", "入学", "公交", "医院"]) == [frozenset()]


def test_a_question_around_a_subject_is_less_hot_than_families_with_one_trouble() -> None:
    letters = [Entry(at, "青石湾搅拌站", who=f"u{at}") for at in range(9)]
    assert heat_of(letters) == 9
    assert heat_of(letters, agreement=0.4) == pytest.approx(3.6)
    assert heat_of([Entry(1, "", who="a"), Entry(2, "", who="a")]) == pytest.approx(2**0.5)
    assert heat_of([Entry(1, "", weight=2047)]) == pytest.approx(1 + 5.5)


def test_one_letter_writer_is_one_voice() -> None:
    alone = [Entry(at, "求求了请修青石湾的桥", "青石湾石桥裂了", who="同一人") for at in range(5)]
    others = [Entry(9 + at, "松岭路公交太少", "松岭路公交等不到", who=f"u{at}") for at in range(3)]
    assert [len(issue.entries) for issue in hot_issues([*alone, *others])] == [3, 5]
    assert hot_issues([]) == []
    assert len(hot_issues([Entry(1, "", ""), Entry(2, "", "")])) == 2


def test_hostile_tables_end_in_time() -> None:
    began = time.process_time()
    hot_issues([Entry(at, "投诉物业收费", "物业乱收费" * 2000) for at in range(3000)])
    hot_issues([Entry(0, "长" * 2_000_000, "文" * 2_000_000), Entry(1, "长", "文")])
    assert time.process_time() - began < 30


def test_grams_do_not_cross_texts_and_survive_half_an_emoji() -> None:
    both, one = count_grams(["路灯", "灯坏"], (2,), 32), count_grams(["路灯"], (2,), 32)
    assert both.take(np.array([0])).columns.tolist() == one.columns.tolist()
    assert len(count_grams(["", "\ud83d", "a"], (1, 2, 3), 20)) == 3
    assert len(count_grams([], (1,), 20)) == 0


def test_near_duplicates_stay_in_one_fold() -> None:
    text = "本人家住城东某小区，楼下烧烤摊每晚营业到凌晨三点，油烟和喧哗让人无法休息，多次投诉没有结果，请有关部门处理。"
    texts = [text, text + "谢谢", "完全不同的一件事：请问居住证需要哪些材料，几天能办好，可以代办吗，费用多少", *map(str, range(40))]
    groups = twin_groups(texts)
    assert groups[0] == groups[1] != groups[2]
    folds = twin_folds(texts, 3)
    assert folds[0] == folds[1]
    assert set(folds.tolist()) == {0, 1, 2}


def test_confidence_is_brought_onto_an_honest_scale() -> None:
    generator = np.random.default_rng(5)
    scores = generator.normal(size=(4000, 3)).astype(np.float32)
    drawn = generator.random(4000)
    truth = (chances(scores, 2.5).cumsum(axis=1) < drawn[:, None]).sum(axis=1).clip(max=2)
    assert fit_sharpness(scores, truth) == pytest.approx(2.5, rel=0.15)
    shares = chances(scores, 2.5)
    assert expected_calibration_error(shares.max(axis=1), shares.argmax(axis=1) == truth) < 0.05
    assert expected_calibration_error(np.ones(10, np.float32), np.zeros(10, bool)) == 1


def test_the_hotline_reaches_its_figures(tmp_path: Path) -> None:
    table = read_rows(data_file("public/hotline_labelled_train.csv.gz"))
    rows = [list(table.names), *table.rows]
    seen = table_at(tmp_path / "a.csv", [rows[0], *(row for at, row in enumerate(rows[1:]) if at % 5)])
    unseen = table_at(tmp_path / "b.csv", [rows[0], *(row for at, row in enumerate(rows[1:]) if not at % 5)])
    model = tmp_path / "m.npz"
    made = run("train-classifier", seen, "--text", "title,detail", "--label", "label", "--out", model)
    assert json.loads(made.stdout)["bytes"] < 20_000_000
    truth = {int(row[0]): row[1] for row in rows[1:]}
    for columns, bar in (("title", 0.87), ("title,detail", 0.90)):
        found = lines(run("classify", model, unseen, "--text", columns))
        right = np.array([truth[int(str(row["row"]))] == row["label"] for row in found])
        confidence = np.array([row["confidence"] for row in found], dtype=np.float32)
        assert right.mean() > bar
        assert expected_calibration_error(confidence, right) <= 0.05


def test_known_hot_issues_lead_the_year() -> None:
    found = lines(run("group", data_file("public/hotline_year_4326.csv.gz"), "--text", "title,detail", "--time", "time",
                      "--weight", "up"))  # fmt: skip
    known = json.loads(data_file("public/hotline_year_known_issues.json").read_text("utf-8"))
    leading = [set(row["ids"]) for row in found[:10]]  # type: ignore[call-overload]
    reached = 0
    for ids in map(set, known.values()):
        best = max(leading, key=lambda group: len(group & ids))
        shared = len(best & ids)
        reached += shared >= 0.9 * len(best) and shared >= 0.9 * len(ids)
    assert reached >= 3
