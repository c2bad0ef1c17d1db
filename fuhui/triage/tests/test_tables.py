# ruff: noqa: E501 — lines of made-up requests
"""Tables of past requests: a city's own classes and hot issues, by the commands others call."""

from __future__ import annotations

import csv
import gzip
import json
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from fuhui.triage.calibration import chances, expected_calibration_error, fit_sharpness
from fuhui.triage.cli import triage
from fuhui.triage.grams import count_grams
from fuhui.triage.rows import UnreadableRows, moment, read_rows
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


def test_rows_that_teach_little_are_named(tmp_path: Path) -> None:
    rows = [["title", "kind"], *([word, kind] for word, kind in zip(LIGHT + SCHOOL, ["照明"] * 6 + ["教育"] * 6, strict=True))]
    table = table_at(tmp_path / "t.csv", [*rows, ["井盖响了", "市政"], ["不知归谁", ""]], encoding="gbk")
    made = run("train-classifier", table, "--text", "title", "--label", "kind", "--out", tmp_path / "m.npz")
    assert json.loads(made.stdout)["labels"] == ["市政", "教育", "照明"]
    assert "有 1 行没有类别" in made.stderr
    assert "市政只有一条例子" in made.stderr
    for missing, said in ((tmp_path / "no.csv", "没有这个文件"), (tmp_path, "这是一个文件夹")):
        assert said in run("group", missing, "--text", "title").stderr
    assert "没有这个文件" in run("classify", tmp_path / "no.npz", table, "--text", "title").stderr
    assert "不是分类模型" in run("classify", table, table, "--text", "title").stderr


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


def test_times_are_read_in_the_ways_of_tables() -> None:
    at = datetime(2025, 3, 1, 14, 5)  # noqa: DTZ001
    for text in ("2025/3/1 14:05:00", "2025-03-01T14:05", "2025年3月1日 14时05分", "2025.3.1 下午2:05", "20250301140500",
                 "２０２５年３月１日１４：０５", "2025/3/1 星期六 14:05", "45717.58680555555"):  # fmt: skip
        assert moment(text) == at, text
    assert moment("20250301") == moment("2025年3月1日") == moment("45717") == datetime(2025, 3, 1)  # noqa: DTZ001
    for text in ("", "昨天", "2025/13/1", "99", "青石湾3栋", "2025/2/30 8:00"):
        assert moment(text) is None, text


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
