"""The locks and the installer."""

from __future__ import annotations

import re

import pytest

from fuhui.config.install import LOCKS, ROOT, pip_settings

_LOCKS = ("main", "dev", "uv")


def _pins(name: str) -> set[str]:
    return set(re.findall(r"^[a-z0-9._-]+(?:\[[^]]*\])?==\S+", (LOCKS / f"{name}.txt").read_text(), re.MULTILINE))


@pytest.mark.parametrize("name", _LOCKS)
def test_a_lock_names_no_address_and_no_folder(name: str) -> None:
    text = (LOCKS / f"{name}.txt").read_text()
    assert not re.search(r"://|--index|--find-links|--extra|file:|/(?:home|root|work|tmp|Users)/", text)


@pytest.mark.parametrize("name", _LOCKS)
def test_every_pin_has_its_hashes(name: str) -> None:
    blocks = re.split(r"\n(?=[a-z0-9])", (LOCKS / f"{name}.txt").read_text())
    assert blocks
    assert [block.split("\n")[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_tools_and_product_agree_on_versions() -> None:
    assert _pins("main") <= _pins("dev")
    assert _pins("uv") <= _pins("dev")


def test_the_front_end_lock_names_no_registry() -> None:
    lock = ROOT / "package-lock.json"
    assert "resolved" not in lock.read_text()


def test_pips_configuration_is_read_with_the_environment_last() -> None:
    listed = ":env:.index-url='https://b.example/simple'\nglobal.index-url='https://a.example/simple'\n"
    listed += "install.trusted-host='a.example'\ndownload.index-url='https://never.example'\n"
    assert dict(pip_settings(listed)) == {"index-url": "https://b.example/simple", "trusted-host": "a.example"}
