"""The fuhui command is quick, readable, and never shows a traceback for an expected mistake."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fuhui.config.cli import PARTS, main
from fuhui.config.cli.problems import sentence_for
from fuhui.shared.errors import NotFound


def _fuhui(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "fuhui.config.cli", *words], capture_output=True, text=True, check=False,
        env={**os.environ, **environment},
    )


def test_help_names_every_command_with_its_line() -> None:
    said = _fuhui("--help").stdout
    for title, section in PARTS.items():
        assert title in said
        for name, part in section.items():
            assert f"  {name} " in said
            assert part.summary in said


def test_help_loads_neither_django_nor_the_database_driver() -> None:
    code = "import sys; from fuhui.config.cli import fuhui; fuhui.main(['--help'], standalone_mode=False);"
    code += "print([m for m in ('django', 'psycopg', 'numpy', 'granian') if m in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", [name for section in PARTS.values() for name in section if name != "django"])
def test_every_command_explains_itself_without_a_database(name: str, tmp_path: Path) -> None:
    said = _fuhui(name, "--help", FUHUI_VAR=str(tmp_path / "var"))
    assert said.returncode == 0, said.stderr
    assert not (tmp_path / "var").exists()


def test_a_wrong_name_is_answered_with_the_right_one() -> None:
    said = _fuhui("doctr")
    assert (said.returncode, "是不是 doctor" in said.stderr) == (2, True)


def test_a_setting_that_cannot_be_understood_stops_with_one_sentence(tmp_path: Path) -> None:
    said = _fuhui("doctor", FUHUI_VAR=str(tmp_path), FUHUI_DEBUG="perhaps")
    assert said.returncode == 2
    assert "FUHUI_DEBUG='perhaps'" in said.stderr
    assert "Traceback" not in said.stderr


def test_a_database_out_of_reach_stops_with_one_sentence(tmp_path: Path) -> None:
    said = _fuhui("migrate", FUHUI_VAR=str(tmp_path), FUHUI_DATABASE_URL="postgresql://nobody@127.0.0.1:9/nothing")
    assert said.returncode == 2
    assert "连不上数据库" in said.stderr
    assert "Traceback" not in said.stderr


def test_a_missing_file_is_named() -> None:
    said = _fuhui("import-chat", "/nowhere/chat.txt", "--username", "zhao")
    assert said.returncode == 2
    assert "/nowhere/chat.txt" in said.stderr


def test_errors_meant_for_people_become_their_sentence() -> None:
    assert sentence_for(NotFound()) == NotFound().message
    assert sentence_for(ZeroDivisionError()) is None


def test_version_names_the_parts(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["version"])
    assert ended.value.code == 0
    assert "PostgreSQL" in capsys.readouterr().out
