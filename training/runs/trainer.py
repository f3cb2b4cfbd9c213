"""`python -m training.runs.trainer PARENT MODULE ARGUMENT…`: a module that ends with its worker.

Gives way to everything else on the machine, and asks itself to stop (SIGTERM, as the worker would)
when the worker has gone: a trainer that nobody watches must not hold a device.
"""

import ctypes
import os
import runpy
import signal
import sys
import threading
import time

# The engine runs at 5 and the chat at 0. At 10 an answer keeps three quarters of the processor, and
# a training beside other work still moves: at 15 it got a thirtieth of what one busy program gets.
NICENESS = 10
PARENT_POLL_SECONDS = 1.0
STOP_SECONDS = 60.0  # to write a checkpoint
PR_SET_PDEATHSIG = 1


def main() -> None:
    parent, module, *arguments = sys.argv[1:]
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    _end_with(int(parent))
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _end_with(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    """Also where the system gives no signal, and for a trainer that does not heed it."""
    while os.getppid() == parent:
        time.sleep(PARENT_POLL_SECONDS)
    signal.raise_signal(signal.SIGTERM)
    time.sleep(STOP_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    main()
