"""Ray, as it is used here: connected to, and asked to run one training. Telemetry stays off.

Loads the library late: it is the optional extra `ray`.
"""

import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from training.cluster.worker import Task, train_as_worker
from training.failure import TrainingFailed
from training.lora.device import PATIENCE
from tutor.i18n import mark
from tutor.tuning.cluster import LOCAL

log = logging.getLogger(__name__)
NO_RAY = mark(
    "Training on a cluster needs the library Ray. Install `daoshi[ray]`, here and on every machine "
    "of the cluster."
)
NOT_REACHED = mark(
    "The Ray cluster “{address}” can't be reached, or its Ray or Python is of another version. "
    "Check that it runs (`ray status` on one of its machines) and which versions it has; the log "
    "says more."
)
ENVIRONMENT = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_TRAIN_V2_ENABLED": "1",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
}
PASSED_ON = ("OMP_NUM_THREADS", "RAY_TRAIN_WORKER_GROUP_START_TIMEOUT_S")
OBJECT_STORE_BYTES = 256 << 20  # of a cluster of our own: data sets and adapters are small
MAX_FAILURES = 5  # of workers in one training; a lost one costs the steps since a checkpoint


@contextmanager
def connected(address: str, devices: int | None) -> Iterator[Any]:
    """The module `ray`, connected; a cluster of our own ends with the block.

    Raises TrainingFailed with a sentence.
    """
    os.environ |= ENVIRONMENT
    try:
        import ray
    except ImportError as error:
        raise TrainingFailed(NO_RAY) from error
    environment = ENVIRONMENT | {n: os.environ[n] for n in PASSED_ON if n in os.environ}
    with ExitStack() as stack:
        options: dict[str, Any] = {"address": address, "runtime_env": {"env_vars": environment}}
        if address == LOCAL:
            folder = stack.enter_context(
                tempfile.TemporaryDirectory(prefix="daoshi-ray-", ignore_cleanup_errors=True)
            )
            options |= _own_cluster(folder, devices) | {"address": "local"}
        stack.callback(ray.shutdown)
        try:
            ray.init(
                **options,
                log_to_driver=False,
                configure_logging=False,
                logging_level=logging.WARNING,
            )
        except (ConnectionError, RuntimeError) as error:
            log.warning("Ray at %s: %s", address, error)
            raise TrainingFailed(NOT_REACHED, address=address) from error
        yield ray


def _own_cluster(folder: str, devices: int | None) -> dict[str, Any]:
    return {
        "_temp_dir": folder,
        "num_cpus": max(os.cpu_count() or 1, devices or 1),
        "object_store_memory": OBJECT_STORE_BYTES,
        "include_dashboard": False,
    }


def fit(task: Task, folder: Path) -> None:
    """Runs the training to its end, through the loss of workers; itself a task of the cluster."""
    from ray.train import FailureConfig, RunConfig, ScalingConfig
    from ray.train.torch import TorchConfig, TorchTrainer

    def train_function() -> None:
        train_as_worker(task)

    workers, use_gpu = _scale(task)
    own = task.run.on == LOCAL
    TorchTrainer(
        train_function,
        scaling_config=ScalingConfig(num_workers=workers, use_gpu=use_gpu),
        torch_config=TorchConfig(timeout_s=int(PATIENCE.total_seconds())),
        run_config=RunConfig(
            name=f"daoshi-{folder.name}",
            storage_path=str(folder / "ray") if own else None,  # for Ray's own notes
            failure_config=FailureConfig(max_failures=MAX_FAILURES),
        ),
    ).fit()


def _scale(task: Task) -> tuple[int, bool]:
    """As many workers as asked for; else one for each GPU, or each machine without GPUs."""
    import ray

    gpus = int(ray.cluster_resources().get("GPU", 0))  # type: ignore[no-untyped-call]
    machines = sum(node["Alive"] for node in ray.nodes())  # type: ignore[no-untyped-call]
    return task.run.devices or gpus or machines, gpus > 0
