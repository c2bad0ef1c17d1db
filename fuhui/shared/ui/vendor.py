"""The front-end packages' files that pages load: copied out of node_modules, served under /static/vendor/."""

from __future__ import annotations

import re
from pathlib import Path

FILES = {
    "maplibre-gl/dist/maplibre-gl-csp.js": "maplibre-gl-csp.js",
    "maplibre-gl/dist/maplibre-gl-csp-worker.js": "maplibre-gl-csp-worker.js",
    "maplibre-gl/dist/maplibre-gl.css": "maplibre-gl.css",
    "echarts/dist/echarts.min.js": "echarts.min.js",
}
_SOURCE_MAP = re.compile(rb"(?m)^//# sourceMappingURL=\S*$|/\*# sourceMappingURL=\S*\s*\*/")


class MissingVendorFile(FileNotFoundError):
    """node_modules lacks a file that pages need: `npm ci` has not run, or a package changed its build."""


def copy_vendor(node_modules: Path, target: Path) -> list[Path]:
    """Copies what is needed into `target` and returns the copies; raises MissingVendorFile and copies nothing else."""
    missing = [source for source in FILES if not (node_modules / source).is_file()]
    if missing:
        raise MissingVendorFile(f"npm 包里缺少 {'、'.join(missing)}，请重新运行 make setup。")
    target.mkdir(parents=True, exist_ok=True)
    return [_copy(node_modules / source, target / name) for source, name in FILES.items()]


def _copy(source: Path, target: Path) -> Path:
    """Without the mark of the source map: the map is not served, and collecting static files would miss it."""
    target.write_bytes(_SOURCE_MAP.sub(b"", source.read_bytes()))
    return target
