"""Writes the locks from pyproject.toml: every package pinned with its hashes, no registry's address inside.

python -m fuhui.config.lock
"""

from __future__ import annotations

import subprocess

from fuhui.config.install import LOCKS, ROOT, VENV, uv_environment

_COMPILE = (
    "pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-header",
    "--no-emit-index-url", "--no-emit-find-links", "--quiet", "--upgrade",
)
_GROUPS = {  # lock → groups of pyproject.toml; dev is first because the others follow its versions
    "dev": ("pyproject.toml", "build", "installer", "dev"),
    "main": ("pyproject.toml", "build"),
    "uv": ("installer",),
}


def write_locks() -> None:
    """Writes requirements/dev.txt, main.txt and uv.txt; main and uv agree with dev."""
    environment = uv_environment()
    for name, sources in _GROUPS.items():
        words = [word for source in sources for word in _source(source)]
        agree = [] if name == "dev" else ["--constraint", "requirements/dev.txt"]
        command = [str(VENV / "bin" / "uv"), *_COMPILE, *words, *agree, "--output-file", f"requirements/{name}.txt"]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)  # noqa: S603 - fixed words
        _refuse_addresses(name)


def _source(name: str) -> list[str]:
    return [name] if name.endswith(".toml") else ["--group", f"pyproject.toml:{name}"]


def _refuse_addresses(name: str) -> None:
    text = (LOCKS / f"{name}.txt").read_text()
    if "://" in text or "--index" in text or "--find-links" in text:
        raise SystemExit(f"requirements/{name}.txt 里有软件源的地址，锁文件不应依赖某一个源。")


if __name__ == "__main__":
    write_locks()
