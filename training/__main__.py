"""`python -m training`: the worker process. Started by `daoshi worker` and `daoshi serve`."""

import argparse
import asyncio
import os
import signal
import socket
import sys
import uuid
from datetime import UTC, datetime

import structlog

from storage.blobs import BlobStore
from storage.database import Database
from storage.migrate import upgrade
from training.kinds import HANDLERS, LANES, ON_END
from training.schedule import next_due, put_standing_schedules
from training.settings import StartedByHand, WorkerSettings, from_environment
from training.worker import Worker
from tutor.log import configure_logging, log_lost_tasks

PARENT_POLL_SECONDS = 2.0
log = structlog.get_logger()


def main() -> int:
    """Runs jobs until told to stop, or until the parent named by `--parent` is gone."""
    parser = argparse.ArgumentParser(prog="python -m training")
    parser.add_argument("--parent", type=int, help="end when this is no longer the parent process")
    options = parser.parse_args()
    try:
        settings = from_environment(os.environ)
    except StartedByHand as error:
        print(error, file=sys.stderr)
        return 2
    secrets = (settings.engine_api_key,)
    configure_logging(settings.log_format, secrets=secrets)
    asyncio.run(_run(settings, options.parent))
    return 0


async def _run(settings: WorkerSettings, parent: int | None) -> None:
    log_lost_tasks(asyncio.get_running_loop())
    await upgrade(settings.database_url, settings.data_dir / "backups")
    database = await Database.open(settings.database_url)
    blobs = BlobStore(settings.data_dir / "blobs")
    owner = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
    worker = Worker(
        database,
        blobs,
        settings,
        HANDLERS,
        next_due,
        owner=owner,
        now=_now,
        lanes=LANES,
        on_end=ON_END,
    )
    _stop_on_signals(worker)
    watching = asyncio.create_task(_stop_without(parent, worker)) if parent else None
    try:
        async with database.write() as session:
            await put_standing_schedules(session, _now())
        log.info("worker_started", kinds=sorted(HANDLERS))
        await worker.run()
        log.info("worker_stopped")
    finally:
        if watching is not None:
            watching.cancel()
        await database.close()


def _now() -> datetime:
    return datetime.now(UTC)


def _stop_on_signals(worker: Worker) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        if sys.platform == "win32":
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(worker.stop))
        else:
            loop.add_signal_handler(number, worker.stop)


async def _stop_without(parent: int, worker: Worker) -> None:
    """Ends with a parent that was killed and could not end us."""
    while os.getppid() == parent:  # noqa: ASYNC110 - nothing tells us when a parent dies
        await asyncio.sleep(PARENT_POLL_SECONDS)
    log.warning("parent_gone")
    worker.stop()


if __name__ == "__main__":
    sys.exit(main())
