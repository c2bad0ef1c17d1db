"""The contracts of the house hold, and each of them notices when it is broken."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from fuhui.config.environment import ROOT

_RUN = "from importlinter.cli import lint_imports_command as run; run()"
# One forbidden import for each contract: the file it is written into, and what it says.
_BREACHES = {
    "Layers point down": ("fuhui/shared/breach.py", "import fuhui.registry.places.apps"),
    "Registry floors are in order": ("fuhui/registry/places/breach.py", "import fuhui.registry.people.apps"),
    "Domains are independent": ("fuhui/domains/second/breach.py", "import fuhui.domains.first.apps"),
    "Inside a room: pages, API and jobs, then actions, then reads, then rows, then rules": (
        "fuhui/domains/first/queries.py", "import fuhui.domains.first.actions",
    ),
    "Pages and API never import models": ("fuhui/domains/first/web.py", "import fuhui.domains.first.models"),
    "Insights change nothing": ("fuhui/insights/breach.py", "import fuhui.domains.first.actions"),
    "Rules and triage know no Django": ("fuhui/triage/breach.py", "import django.db"),
}


def _contracts() -> list[str]:
    read = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return [contract["name"] for contract in read["tool"]["importlinter"]["contracts"]]


def _lint(folder: Path) -> dict[str, str]:
    """KEPT or BROKEN by contract."""
    said = subprocess.run(
        [sys.executable, "-c", _RUN, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "300", "NO_COLOR": "1"},
    ).stdout
    return dict(re.findall(r"^(.+?) (KEPT|BROKEN)", said, re.MULTILINE))


def test_every_contract_is_kept() -> None:
    assert _lint(ROOT) == dict.fromkeys(_contracts(), "KEPT")


@pytest.fixture(scope="module")
def small_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house of empty rooms with the same contracts."""
    house = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", house)
    rooms = ["config", "channels", "journeys", "insights", "triage", "shared", "domains/first", "domains/second"]
    rooms += [f"registry/{floor}" for floor in ("places", "people", "accounts", "organisations", "ledger")]
    for room in rooms:
        for folder in (house / "fuhui" / room, *(house / "fuhui" / room).parents):
            if folder != house and house in folder.parents:
                folder.mkdir(parents=True, exist_ok=True)
                (folder / "__init__.py").touch()
        (house / "fuhui" / room / "apps.py").touch()
    for part in ("actions", "queries", "models", "rules", "web"):
        (house / "fuhui/domains/first" / f"{part}.py").touch()
    return house


def test_a_house_without_breaches_is_kept(small_house: Path) -> None:
    assert _lint(small_house) == dict.fromkeys(_contracts(), "KEPT")


@pytest.mark.parametrize("contract", _contracts())
def test_each_contract_notices_its_breach(small_house: Path, contract: str) -> None:
    path, words = _BREACHES[contract]
    file = small_house / path
    before = file.read_text() if file.exists() else None
    file.write_text(words + "\n")
    try:
        assert _lint(small_house)[contract] == "BROKEN"
    finally:
        if before is None:
            file.unlink()
        else:
            file.write_text(before)


def test_a_room_that_no_contract_names_is_noticed(small_house: Path) -> None:
    folder = small_house / "fuhui" / "cellar"
    folder.mkdir()
    (folder / "__init__.py").touch()
    try:
        assert "BROKEN" in _lint(small_house).values()
    finally:
        shutil.rmtree(folder)
