"""`python -m tutor.engine`: the process that owns the text model of one data folder.

Started by the clients (`tutor.engine.launch`); leaves by itself when nobody has been connected for
a while. Listens before it imports torch, so that clients can wait on the socket.
"""

import argparse
import asyncio
import gc
import importlib
import logging
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from tutor.engine import endpoint, pause
from tutor.engine.contract import EngineError
from tutor.engine.launch import build_of_code
from tutor.log import configure_logging

if TYPE_CHECKING:
    from tutor.engine.process.load import LoadedModel
    from tutor.engine.process.model_thread import ModelThread
    from tutor.engine.process.server import Server

IDLE_SECONDS = 60.0
FINISH_SECONDS = 30.0  # what running requests get after SIGTERM
FAILED_SECONDS = 5.0  # after a model that cannot be used: to tell those who wait on a busy machine
NICENESS = 5
STUCK_SECONDS = 300.0  # no step takes as long; then the process gives itself up
ALREADY_RUNNING, STUCK = 3, 70
log = logging.getLogger("tutor.engine")


def main() -> int:
    """Runs until there is a reason to leave; the exit code says which."""
    options = _options()
    _give_way()
    configure_logging("text", file=options.data_dir / "logs" / "engine.log")
    place = endpoint.endpoint_of(options.data_dir, unix=not options.tcp)
    try:
        with FileLock(place.running_lock, timeout=0):
            place.pid_file.write_text(str(os.getpid()), encoding="ascii")
            code = asyncio.run(_serve(options, place))
    except Timeout:
        log.info("Another engine runs for this data folder already")
        code = ALREADY_RUNNING
    logging.shutdown()
    os._exit(code)  # the model's thread may be in the middle of a step; nothing is left to save


async def _serve(options: argparse.Namespace, place: endpoint.Endpoint) -> int:
    """Listens, loads the model in its thread, and waits for a reason to leave."""
    made: asyncio.Future[Server] = asyncio.get_running_loop().create_future()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await (await asyncio.shield(made)).handle(reader, writer)

    listener, token = await endpoint.serve(place, handle)
    gc.disable()  # millions of objects are made now and stay: looking through them costs a second
    module = await asyncio.to_thread(importlib.import_module, "tutor.engine.process.server")
    server: Server = module.Server(options.model, build_of_code(), token)
    _stop_on_signals(server.leaving)
    thread = _model_thread(server, options)
    thread.start()
    made.set_result(server)
    log.info("Listening; model %s", options.model or "embedded")
    try:
        return await _until_leaving(server, thread, options)
    finally:
        endpoint.remove(place)
        listener.close()
        await server.finish_running(FINISH_SECONDS)
        log.info("Leaving")


def _model_thread(server: "Server", options: argparse.Namespace) -> "ModelThread":
    """The thread, reporting to the server through the event loop."""
    from tutor.engine.process.model_thread import ModelThread

    loop = asyncio.get_running_loop()

    def ready(loaded: "LoadedModel") -> None:
        gc.freeze()
        gc.enable()
        log.info("Model ready on %s, revision %s", loaded.device, loaded.revision)
        loop.call_soon_threadsafe(server.loaded.set_result, loaded)

    def failed(error: EngineError) -> None:
        log.error("The model cannot be used: %s", error)
        loop.call_soon_threadsafe(server.loaded.set_exception, error)

    def report(share: float) -> None:
        loop.call_soon_threadsafe(server.report, share)

    server.thread = ModelThread(
        options.model,
        options.data_dir,
        report=report,
        on_ready=ready,
        on_failure=failed,
    )
    return server.thread


async def _until_leaving(
    server: "Server", thread: "ModelThread", options: argparse.Namespace
) -> int:
    """Waits for a signal, for nobody being there, for a pause, or for the model to fail or hang."""
    while not server.leaving.is_set():
        alive = thread.alive
        await asyncio.sleep(0)  # what a thread reported before it ended is heard first
        failed = server.loaded.done() and server.loaded.exception() is not None
        if not failed and (not alive or thread.stuck_seconds > STUCK_SECONDS):
            log.critical("The model's thread %s", "hangs" if alive else "has died")
            logging.shutdown()
            os._exit(STUCK)
        if failed:
            await asyncio.sleep(FAILED_SECONDS)
            return 0
        if pause.standing(options.data_dir) is not None:
            log.info("A training needs the memory")
            return 0
        idle = time.monotonic() - server.last_used
        if not server.connections and idle > options.idle_seconds:
            return 0
        try:
            async with asyncio.timeout(min(1.0, options.idle_seconds / 4)):
                await server.leaving.wait()
        except TimeoutError:
            continue
    return 0


def _give_way() -> None:
    """Lets the chat go first, which needs the processor for moments only, but at once."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)


def _stop_on_signals(leaving: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        if sys.platform == "win32":
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(leaving.set))
        else:
            loop.add_signal_handler(number, leaving.set)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tutor.engine", description=__doc__)
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--model", default="", help="Hugging Face id or folder; '' is embedded")
    parser.add_argument("--idle-seconds", type=float, default=IDLE_SECONDS)
    parser.add_argument("--tcp", action="store_true", help="loopback TCP instead of a Unix socket")
    return parser.parse_args()


if __name__ == "__main__":
    main()
