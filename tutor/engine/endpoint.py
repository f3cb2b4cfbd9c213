"""Where the engine of a data folder listens, such that only the owner of the folder can connect.

A Unix socket in a folder of mode 0700; where there are none (Windows), loopback TCP with a secret
token in a file of mode 0600. Knows nothing of what is said over the connection.
"""

import asyncio
import hashlib
import json
import os
import secrets
import stat
import sys
import tempfile
import warnings
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_runtime_path

from tutor.engine.contract import EngineUnavailable

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
UNIX_PATH_BYTES = 100  # sun_path holds 104 (macOS) to 108 (Linux) bytes with its final zero
HAS_UNIX_SOCKETS = sys.platform != "win32"


class EndpointUnsafe(EngineUnavailable):
    """The folder for the socket belongs to somebody else or is open to others."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`folder` holds the lock files, and the address file where TCP is used."""

    folder: Path
    unix_path: Path | None

    @property
    def address_file(self) -> Path:
        return self.folder / "address.json"

    @property
    def running_lock(self) -> Path:
        """Held by the engine process as long as it lives."""
        return self.folder / "running.lock"

    @property
    def pid_file(self) -> Path:
        """Names the process, for the case that it has to be killed."""
        return self.folder / "engine.pid"

    @property
    def start_lock(self) -> Path:
        """Held by a client while it starts the process."""
        return self.folder / "start.lock"


def endpoint_of(data_dir: Path, *, unix: bool = HAS_UNIX_SOCKETS) -> Endpoint:
    """The endpoint of a data folder; makes its folders."""
    folder = data_dir.resolve() / "engine"
    _make_private(folder)
    if not unix:
        return Endpoint(folder, None)
    path = folder / "engine.sock"
    if len(os.fsencode(path)) > UNIX_PATH_BYTES:
        path = _short_folder(folder) / "engine.sock"
    return Endpoint(folder, path)


async def serve(endpoint: Endpoint, handler: Handler) -> tuple[asyncio.Server, str]:
    """Listens; the string is the token that a connection must present first ("" for none).

    The caller holds `running_lock`, so that whatever lies at the address is a leftover.
    """
    if endpoint.unix_path is not None:
        endpoint.unix_path.unlink(missing_ok=True)
        server = await asyncio.start_unix_server(handler, endpoint.unix_path)
        endpoint.unix_path.chmod(0o600)
        return server, ""
    server = await asyncio.start_server(handler, "127.0.0.1", 0)
    token = secrets.token_urlsafe(32)
    _write_private(
        endpoint.address_file,
        json.dumps({"port": server.sockets[0].getsockname()[1], "token": token}),
    )
    return server, token


async def connect(endpoint: Endpoint) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, str]:
    """A connection and the token to present; OSError if nobody listens."""
    if endpoint.unix_path is not None:
        _check_private(endpoint.unix_path.parent)
        return *await asyncio.open_unix_connection(endpoint.unix_path), ""
    try:
        address = json.loads(endpoint.address_file.read_text(encoding="utf-8"))
        port, token = int(address["port"]), str(address["token"])
    except (ValueError, KeyError) as error:
        raise ConnectionRefusedError(f"{endpoint.address_file} is damaged") from error
    return *await asyncio.open_connection("127.0.0.1", port), token


def remove(endpoint: Endpoint) -> None:
    """Takes the address away, so that nobody connects to a process that is leaving."""
    (endpoint.unix_path or endpoint.address_file).unlink(missing_ok=True)


def _short_folder(folder: Path) -> Path:
    """A private folder with a short path, named by the hash of the long one."""
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the fallback where there is no such folder
        runtime = user_runtime_path("daoshi", appauthor=False)
    for root in (runtime, Path(tempfile.gettempdir())):
        path = root / f"daoshi-{os.getuid()}-{digest}"
        if len(os.fsencode(path / "engine.sock")) > UNIX_PATH_BYTES:
            continue
        try:
            _make_private(path)
        except PermissionError:
            continue
        return path
    raise EndpointUnsafe(f"No folder with a short enough path is writable for {folder}.")


def _make_private(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if HAS_UNIX_SOCKETS and not folder.is_symlink() and folder.stat().st_uid == os.getuid():
        folder.chmod(0o700)
    _check_private(folder)


def _check_private(folder: Path) -> None:
    """Refuses a folder that another user prepared or can look into."""
    if not HAS_UNIX_SOCKETS:
        return
    found = folder.lstat()
    ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
    if not ours or stat.S_IMODE(found.st_mode) & 0o077:
        raise EndpointUnsafe(f"{folder} is not a folder that only you can open.")


def _write_private(path: Path, text: str) -> None:
    """Replaces the file in one step; nobody else may ever read it."""
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    temporary.replace(path)
