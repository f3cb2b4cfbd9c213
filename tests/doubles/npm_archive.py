"""Small npm packages, as the registry would send them."""

import base64
import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Any

from training.gan.npm import NpmPackage


def npm_archive(folder: Path, name: str, files: dict[str, Any]) -> NpmPackage:
    """Writes a package of JSON files into a folder, where a fetched one would lie."""
    unsigned = NpmPackage(name, "1.0.0", "")
    archive = folder / unsigned.file_name
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive, "w:gz") as package:
        for path, content in files.items():
            text = json.dumps(content).encode()
            member = tarfile.TarInfo(f"package/{path}")
            member.size = len(text)
            package.addfile(member, io.BytesIO(text))
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    return NpmPackage(name, "1.0.0", f"sha512-{digest}")


def icon_archive(
    folder: Path,
    name: str,
    icons: dict[str, Any],
    chars: dict[str, str] | None = None,
    aliases: dict[str, Any] | None = None,
) -> NpmPackage:
    """An icon set of drawings in boxes of 16 x 16."""
    files = {
        "icons.json": {"icons": icons, "aliases": aliases or {}, "width": 16, "height": 16},
        "chars.json": chars or {},
        "info.json": {
            "name": name.title(),
            "author": {"name": "Ada", "url": "https://example.org"},
            "license": {"title": "MIT", "spdx": "MIT", "url": "https://example.org/licence"},
        },
    }
    return npm_archive(folder, name, files)
