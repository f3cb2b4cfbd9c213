"""The embedded model, converted once for all runs, so that only one of them waits for it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from platformdirs import user_cache_path

from tutor.engine.embedded import copy_folder, find_source, is_whole

CONVERT = "import sys, pathlib; from tutor.engine.embedded import prepare; "
CONVERT += "prepare(pathlib.Path(sys.argv[1]))"


def lend_model(data_dir: Path) -> None:
    """Gives a fresh data folder the converted model, as a hard link where that is possible."""
    source = find_source()
    kept = copy_folder(user_cache_path("daoshi-accept", appauthor=False), source)
    if not is_whole(kept):
        # In a process of its own: converting loads torch, and a script need not carry it along.
        command = [sys.executable, "-c", CONVERT, str(kept.parents[1])]
        subprocess.run(command, check=True, stderr=subprocess.PIPE)
    target = copy_folder(data_dir, source)
    target.mkdir(parents=True)
    for file in kept.iterdir():
        try:
            os.link(file, target / file.name)
        except OSError:
            shutil.copy2(file, target / file.name)
