"""Finds Chromium, and installs it where this machine lets us. `python -m tests.browser.chromium`"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
_PACKAGES = ("chromium", "fonts-noto-cjk")


def find() -> str:
    """The browser to use: FUHUI_CHROMIUM, the system's, or the one playwright installed; '' where there is none."""
    named = os.environ.get("FUHUI_CHROMIUM", "")
    candidates = [named] if named else [*filter(None, map(shutil.which, _NAMES)), _MAC, *_of_playwright()]
    return next((candidate for candidate in candidates if Path(candidate).exists()), "")


def install() -> str:
    """Installs it by apt-get where we are root on Debian or Ubuntu; answers why not, or '' on success."""
    apt = shutil.which("apt-get")
    if apt is None:
        return "这里没有 apt-get；请自行安装 Chromium，或用 FUHUI_CHROMIUM 指明它在哪里"
    if os.geteuid() != 0:
        return f"没有 root 权限；请运行：sudo apt-get install {' '.join(_PACKAGES)}"
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *_PACKAGES]):
        done = subprocess.run([apt, *words], env=environment, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            return f"apt-get {words[0]} 没有成功"
    return "" if find() else "apt-get 装完后仍然找不到 Chromium"


def _of_playwright() -> list[str]:
    folders = [Path.home() / ".cache/ms-playwright", Path.home() / "Library/Caches/ms-playwright"]
    patterns = ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/Chromium.app/Contents/MacOS/Chromium")
    return [str(found) for folder in folders for pattern in patterns for found in sorted(folder.glob(pattern))[::-1]]


if __name__ == "__main__" and not find():
    sys.stderr.write("  没有找到 Chromium，正在尝试安装…\n")
    if reason := install():
        sys.stderr.write(f"  没有装上：{reason}。浏览器里的故事会跳过（CI=true 时算作失败）。\n")
