"""Uploads that are read without the classifier of unsuitable pictures."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.doubles.picture_files import archive
from training.gan.uploads.assembling import assemble

Read = Callable[..., dict[str, Any]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """The manifest of an archive of these files."""

    def read(files: Mapping[str, bytes] | Path, licence: str = "CC0") -> dict[str, Any]:
        source = files if isinstance(files, Path) else archive(tmp_path / "upload.zip", files)
        return assemble(
            source, tmp_path / "out", name="upload.zip", licence=licence, judge=lambda one: False
        )

    return read
