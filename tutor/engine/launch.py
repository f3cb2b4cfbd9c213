"""Starts the engine process of a data folder, unless it runs already. Blocking; no torch.

Under a file lock, so that of many clients that come at once one starts it and the others wait.
"""

import hashlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from tutor.engine.contract import EngineUnavailable
from tutor.engine.endpoint import Endpoint

LISTEN_SECONDS = 60.0  # until a started process listens; Python's own start on a busy machine
LOCK_SECONDS = 120.0
POLL_SECONDS = 0.05
# Torch's threads wait for each other by spinning. On a machine that does other work as well, a
# spinning thread uses up the turn of the one that it waits for: with 8 busy processes on two cores
# a step of 8 rows took 4.2 s; it takes 0.5 s if they go to sleep after this many spins.
SPINS = "1000"
SECRETS = ("DISCORD_", "SLACK_", "DAOSHI_")  # variables that a model has no business with


def start_if_needed(place: Endpoint, data_dir: Path, arguments: list[str]) -> None:
    """Returns when somebody listens at `place`; raises EngineUnavailable if nobody will."""
    try:
        with FileLock(place.start_lock, timeout=LOCK_SECONDS):
            if not _listens(place):
                _start(place, data_dir, arguments)
    except Timeout as error:
        raise EngineUnavailable(
            "Another program has been starting the engine for too long."
        ) from error


def build_of_code() -> str:
    """A name for the engine's code as it lies on disk; changes with every update."""
    folder = Path(__file__).parent
    files = sorted(folder.rglob("*.py"))
    seen = [(str(f.relative_to(folder)), f.stat().st_size, f.stat().st_mtime_ns) for f in files]
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


def _start(place: Endpoint, data_dir: Path, arguments: list[str]) -> None:
    _wait_for_predecessor(place)
    logs = data_dir / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    process = _spawn(
        [sys.executable, "-m", "tutor.engine", "--data-dir", str(data_dir), *arguments],
        logs / "engine-output.log",
    )
    end = time.monotonic() + LISTEN_SECONDS
    while not _listens(place):
        if process.poll() is not None:
            raise EngineUnavailable(
                f"The text engine ended at its start with code {process.returncode}; "
                f"see {logs / 'engine-output.log'}."
            )
        if time.monotonic() > end:
            process.kill()
            raise EngineUnavailable("The text engine did not come up.")
        time.sleep(POLL_SECONDS)


def _wait_for_predecessor(place: Endpoint) -> None:
    """A process that is leaving holds its lock for a moment longer than its socket."""
    try:
        with FileLock(place.running_lock, timeout=LISTEN_SECONDS):
            return
    except Timeout as error:
        raise EngineUnavailable("An engine holds this data folder and does not answer.") from error


def _spawn(command: list[str], output: Path) -> subprocess.Popen[bytes]:
    """A process of its own: no terminal, no signals of ours, output into a file."""
    detached: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        flags = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
        detached = {"creationflags": flags}
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(SECRETS)}
    root = str(Path(__file__).resolve().parents[2])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    with output.open("wb") as file:
        return subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            close_fds=True,
            env={
                "GOMP_SPINCOUNT": SPINS,
                **inherited,
                "PYTHONPATH": os.pathsep.join(paths),
                "PYTHONSAFEPATH": "1",
            },
            **detached,
        )


def _listens(place: Endpoint) -> bool:
    """Whether a connection can be made; what is said over it is not our matter here."""
    if place.unix_path is None:
        return place.address_file.exists() and _accepts_tcp(place)
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(os.fspath(place.unix_path))
        except OSError:
            return False
    return True


def _accepts_tcp(place: Endpoint) -> bool:
    import json

    try:
        port = int(json.loads(place.address_file.read_text(encoding="utf-8"))["port"])
        with socket.create_connection(("127.0.0.1", port), timeout=1.0):
            return True
    except (OSError, ValueError, KeyError):
        return False
