"""Installs Fuhui into .venv from the locks. Standard library only: it runs before anything is installed.

    python -m fuhui.config.install main|dev
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".fuhui.json"
LOCKS = ROOT / "requirements"
_SUPPORTED = ((3, 11), (3, 13))
_UV_NAMES = {  # pip's setting → uv's variable; uv does not read pip's configuration
    "index-url": "UV_DEFAULT_INDEX", "extra-index-url": "UV_INDEX", "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX", "trusted-host": "UV_INSECURE_HOST", "cert": "SSL_CERT_FILE",
    "default-timeout": "UV_HTTP_TIMEOUT", "timeout": "UV_HTTP_TIMEOUT",
}


class CannotInstall(RuntimeError):
    """The installation cannot go on. The message says what to do."""


def install(which: str) -> None:
    """Brings .venv to the lock `which` (main or dev, which contains main); quick when nothing changed."""
    wanted = {"main", "dev"} if which == "main" else {"dev"}
    have = _read_stamp()
    if have.get("root") == str(ROOT) and any(have.get(name) == _digest(name) for name in wanted):
        return
    which = "dev" if have.get("dev") else which  # a development installation stays one
    begin = time.monotonic()
    _make_venv(moved=have.get("root", str(ROOT)) != str(ROOT))
    STAMP.unlink(missing_ok=True)
    _say(f"正在按 requirements/{which}.txt 安装")
    environment = uv_environment()
    _install_lock(LOCKS / f"{which}.txt", environment)
    _run([PYTHON, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "-e", ROOT])
    STAMP.write_text(json.dumps({"root": str(ROOT), which: _digest(which)}))
    _say(f"安装完成，{time.monotonic() - begin:.0f} 秒")


def uv_environment() -> dict[str, str]:
    """The environment for uv: this machine's pip configuration, said in uv's words; what is set already wins."""
    listed = subprocess.run(  # noqa: S603 - fixed words
        [str(PYTHON), "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    found = {"UV_INDEX_STRATEGY": "unsafe-best-match", "UV_LINK_MODE": "copy"}  # like pip: any index; hashes decide
    for name, value in pip_settings(listed):
        if name in _UV_NAMES:
            separator = "," if name == "find-links" else " "
            found[_UV_NAMES[name]] = separator.join(value.split())
    return {**found, **os.environ}


def pip_settings(listed: str) -> Iterable[tuple[str, str]]:
    """Names and values out of `pip config list`: global first, then [install], then the environment's."""
    rows = []
    for line in listed.splitlines():
        key, separator, value = line.partition("=")
        scope, _, name = key.rpartition(".")
        if separator and scope in {"global", "install", ":env:"}:
            rows.append((("global", "install", ":env:").index(scope), name, str(ast.literal_eval(value))))
    return [(name, value) for _, name, value in sorted(rows)]


def _make_venv(moved: bool) -> None:
    if not _SUPPORTED[0] <= sys.version_info[:2] <= _SUPPORTED[1]:
        raise CannotInstall(f"需要 Python 3.11、3.12 或 3.13，这里是 {sys.version.split()[0]}。")
    if _works(PYTHON) and not moved:
        return
    base = Path(getattr(sys, "_base_executable", sys.executable))  # never the .venv that is about to be replaced
    _say(f"正在用 Python {sys.version.split()[0]} 建立 .venv")
    if not _try([base, "-m", "venv", "--clear", VENV]):
        shutil.rmtree(VENV, ignore_errors=True)
        raise CannotInstall(
            "建不了 .venv（原因见上面）。Debian/Ubuntu 可能要先安装 python3-venv；也请检查磁盘空间和权限，"
            "或换一个 Python：make setup PYTHON=路径"
        )


def _install_lock(lock: Path, environment: dict[str, str]) -> None:
    """With uv, within seconds; with pip where uv cannot be had or cannot reach the index."""
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r"]
    uv = VENV / "bin" / "uv"
    quick: list[str | Path] = [uv, "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes", "-r", lock]
    if (uv.exists() or _try([*pip, LOCKS / "uv.txt"])) and _try(quick, environment):
        return
    _say("uv 取不到全部的包，改用 pip（会慢一些）")
    if not _try([*pip, lock]):
        raise CannotInstall("有的包没有装上。请检查网络和 pip 的镜像设置（pip config list），再运行一次 make setup。")


def _read_stamp() -> dict[str, str]:
    try:
        read = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}


def _digest(which: str) -> str:
    files = (LOCKS / f"{which}.txt", ROOT / "pyproject.toml")
    scripts = b"\n".join(file.read_bytes() for file in files)
    return hashlib.sha256(scripts).hexdigest()[:16]


def _works(python: Path) -> bool:
    return _try([python, "-c", "import pip"])


def _try(command: list[str | Path], environment: dict[str, str] | None = None) -> bool:
    try:
        return subprocess.run(list(map(str, command)), cwd=ROOT, env=environment, check=False).returncode == 0  # noqa: S603
    except OSError:
        return False


def _run(command: list[str | Path]) -> None:
    if not _try(command):
        raise CannotInstall(f"这一步没有成功：{' '.join(map(str, command[:6]))}")


def _say(words: str) -> None:
    sys.stderr.write(f"  {words}\n")


if __name__ == "__main__":
    try:
        install(sys.argv[1] if len(sys.argv) > 1 else "main")
    except CannotInstall as error:
        sys.exit(f"安装没有完成：{error}")
