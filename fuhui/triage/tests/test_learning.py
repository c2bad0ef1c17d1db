# ruff: noqa: E501 — lines of made-up messages
"""What people correct is learned, measured, and not taken further than they said."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from fuhui.triage import Kind, label, load_model
from fuhui.triage.cli import triage
from fuhui.triage.confidence import PLAIN, UNSURE_AT, calibrated
from fuhui.triage.corpus import kept_back_files, read_labelled, read_lines, training_files
from fuhui.triage.learning import Correction, accuracy, corrections, fit_trust, learn
from fuhui.triage.model import KINDS, WEIGHTS, Model
from fuhui.triage.schooling import lessons, school
from fuhui.triage.tests.helpers import talk
from fuhui.triage.training import examples, train

SOME = read_labelled(training_files()[:4])
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
PLACES = ("西坎", "东坎", "河沿", "坝上", "井台", "磨坊", "窑口", "渡口", "岭下", "庙前")


def row(what: str, text: str, **chosen: Any) -> dict[str, Any]:
    return {"what": what, "text": text, "said": {"category": "inquiry"}, "chosen": chosen}


def test_the_last_word_on_a_text_counts() -> None:
    found = corrections([
        row("drop", "楼下又跳舞", drop=True), row("restore", "楼下又跳舞", drop=False),
        row("edit", "楼下又跳舞", category="noise", title="跳舞"),
        row("group", "大家早", kind="chat", draft=""), row("merge", "楼道黑", key="k1"), row("accept", " ", category="noise"),
        row("accept", "井盖响", category="own-code-of-theirs"), row("drop", "招租", drop=True),
    ])  # fmt: skip
    assert found == [
        Correction("楼下又跳舞", Kind.REPORT, "noise"), Correction("大家早", Kind.CHAT), Correction("井盖响", Kind.REPORT),
        Correction("招租", Kind.CHAT),
    ]  # fmt: skip


def test_a_communitys_own_words_are_learned_from_corrections() -> None:
    said = [f"{place}的蝲蝲蛄又闹腾咯" for place in PLACES]
    own = [Correction(text, Kind.REPORT, "noise") for text in said]
    before, after = train(examples(SOME)), learn(SOME, own, folds=0)
    first, second = accuracy(before, own), accuracy(after, own)
    assert first["matter_measured"] == sum(one.kept_back for one in own) > 0
    assert second["category"] == 1.0
    assert second["category"] > (first["category"] or 0) or first["category"] == 1.0


def test_what_a_community_corrects_changes_its_labels() -> None:
    said = talk(("甲", "西坎的蝲蝲蛄又闹腾咯"), ("乙", "大家早上好"))
    taught = [Correction(f"{place}的蝲蝲蛄又闹腾咯", Kind.REPORT, "noise") for place in PLACES]
    before, after = learn(SOME, folds=2), learn(SOME, taught, folds=2)
    assert label(said, model=before)[0].kind is Kind.CHAT
    assert label(said, model=after)[0].kind is Kind.REPORT
    assert label(said, model=after)[0].category == "noise"
    assert label(said, model=after)[1].kind is Kind.CHAT


def test_training_twice_gives_the_same_model(tmp_path: Path) -> None:
    for name in ("a", "b"):
        learn(SOME[:150], folds=2).save(tmp_path / f"{name}.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


@pytest.mark.skipif("FUHUI_RETRAIN" not in os.environ, reason="trains for minutes: set FUHUI_RETRAIN=1")
def test_the_corpus_makes_the_model_that_ships(tmp_path: Path) -> None:
    """Byte for byte, whatever the seed of hashes; one thread, as sums over more add up in another order."""
    code = (
        "import sys; from pathlib import Path; from fuhui.triage.learning import learn; "
        "from fuhui.triage.corpus import read_labelled, read_lines, training_files; "
        "learn([*read_labelled(training_files()), *read_lines()]).save(Path(sys.argv[1]))"
    )
    made = tmp_path / "w.npz"
    subprocess.run([sys.executable, "-c", code, str(made)], check=True, env={**os.environ, **ONE_THREAD})
    assert made.read_bytes() == WEIGHTS.read_bytes()


def test_the_seed_of_hashes_does_not_change_what_is_learned(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from fuhui.triage.learning import learn; "
        "from fuhui.triage.corpus import read_labelled, training_files; "
        "learn(read_labelled(training_files()[:4])[:150], folds=2).save(Path(sys.argv[1]))"
    )
    for seed in ("1", "2"):
        env = {**os.environ, **ONE_THREAD, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", code, str(tmp_path / seed)], check=True, env=env)
    assert (tmp_path / "1.npz").read_bytes() == (tmp_path / "2.npz").read_bytes()


def test_kept_back_corrections_are_never_learned_from() -> None:
    own = [Correction(f"今天第{at}回喊价", Kind.CHAT) for at in range(40)]
    kept = [one for one in own if one.kept_back]
    assert 0 < len(kept) < 20
    assert [one.text for one in own if Correction(one.text).kept_back] == [one.text for one in kept]
    assert accuracy(None, [one for one in own if not one.kept_back])["matter"] is None


def test_training_by_command_says_before_and_after(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fuhui.triage.cli.training_files", lambda: training_files()[:3])
    monkeypatch.setattr("fuhui.triage.cli.read_lines", lambda: read_lines()[:200])
    extra = tmp_path / "own.jsonl"
    rows = [row("accept", f"{at}号楼水管漏了", category="property") for at in range(20)]
    extra.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in [*rows, *SOME[:5]]), "utf-8")
    out = tmp_path / "w.npz"
    done = CliRunner().invoke(triage, ["train", str(extra), "--out", str(out)])
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert report["trained_on"]["corrections"] == 20
    assert report["trained_on"]["labelled"] == 5
    for when in ("before", "after"):
        assert report[when]["corrections"]["matter_measured"] > 0
        assert isinstance(report[when]["transcripts"], dict) == bool(kept_back_files())
    model = load_model(out)
    assert set(model.trust) == set(Kind)
    assert load_model(out).judge_all([]) is not None


def test_a_broken_training_file_ends_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fuhui.triage.cli.training_files", lambda: training_files()[:2])
    monkeypatch.setattr("fuhui.triage.cli.read_lines", list)
    extra = tmp_path / "own.jsonl"
    extra.write_text('{"text": "灯坏了", "kind": "report"}\n', "utf-8")
    done = CliRunner().invoke(triage, ["train", str(extra), "--out", str(tmp_path / "w.npz")])
    assert done.exit_code == 2
    assert "不完整" in done.stderr


def test_doubt_is_handed_to_a_person_with_a_reason() -> None:
    model = load_model()
    shy = replace(model, trust=dict.fromkeys(Kind, (0.0, 0.0, -1.0)))
    bold = replace(model, trust=dict.fromkeys(Kind, (0.0, 0.0, 3.0)))
    said = talk(("甲", "3号楼路灯不亮三天了没人管"), ("网格员小李", "收到，已报修"))
    for found in label(said, model=shy):
        assert found.unsure
        assert found.confidence < UNSURE_AT
        assert "请人看一眼" in found.evidence["unsure"][0]
    assert not any(found.unsure or "unsure" in found.evidence for found in label(said, model=bold))
    assert [a.kind for a in label(said, model=shy)] == [b.kind for b in label(said, model=bold)]


def test_trust_is_learned_from_transcripts_the_model_has_not_seen() -> None:
    given = lessons(SOME, (), 2)
    trust = fit_trust(given, school(given, 2), 2)
    assert trust != PLAIN
    assert all(0 <= calibrated(trust[kind], 0.9, dict.fromkeys(KINDS, 0.25), kind) <= 1 for kind in Kind)
    one_talk = [row for row in SOME if row["transcript"] == SOME[0]["transcript"]]
    assert learn(one_talk).trust == PLAIN


def test_a_model_without_trust_is_read_as_plain(tmp_path: Path) -> None:
    model = train(examples(SOME[:60]), rounds=2)
    assert isinstance(model, Model)
    model.save(tmp_path / "w.npz")
    assert load_model(tmp_path / "w.npz").trust == PLAIN


def test_the_library_starts_without_numpy() -> None:
    code = "import sys, fuhui.triage, fuhui.triage.cli; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
