"""Several trainer processes on this machine, a device for each, through torch's elastic launch.

What `torchrun` or `accelerate launch` would do, without a command line: none of them is left behind
where one dies. Knows nothing of how they share the work (`training.lora.device`).
"""

import logging
from pathlib import Path

import torch

from training.lora.folder import FAILURE, Run
from training.lora.process import DIED, INTERRUPTED, SENTENCE, run_process
from training.lora.recipe import Method

log = logging.getLogger(__name__)


def processes_for(run: Run) -> int:
    """As many as are asked for; else one for each GPU where the steps can be shared."""
    if run.devices is not None:
        return run.devices
    gpus = torch.cuda.device_count()
    if gpus < 2 or run.recipe.method not in (Method.SUPERVISED, Method.PRETRAIN):
        return 1
    return 1 if _writes_from_a_source(run) else gpus


def train_in_processes(folder: Path, count: int) -> int:
    """The exit code of them all; SIGTERM ends them after a checkpoint."""
    from torch.distributed.elastic.multiprocessing.api import SignalException
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
    from torch.distributed.launcher.api import LaunchConfig, elastic_launch

    failure = folder / FAILURE
    failure.unlink(missing_ok=True)
    config = LaunchConfig(
        min_nodes=1,
        max_nodes=1,
        nproc_per_node=count,
        rdzv_backend="c10d",
        rdzv_endpoint="localhost:0",
        local_addr="localhost",
        run_id=folder.name,
        max_restarts=0,  # whoever started this tries again, from the last checkpoint
        monitor_interval=0.5,
    )
    try:
        codes: dict[int, int] = elastic_launch(config, _one_of_several)(str(folder))
    except SignalException:
        return INTERRUPTED
    except ChildFailedError as error:
        if failure.exists():
            return SENTENCE
        log.error("A trainer process died: %s", error)  # noqa: TRY400 - its own words say it all
        return DIED
    return codes[0]


def _one_of_several(folder: str) -> int:
    code = run_process(Path(folder))
    if code == SENTENCE:
        raise SystemExit(code)  # a death, so that the others do not wait for it
    return code


def _writes_from_a_source(run: Run) -> bool:
    """Whether the model is one of the T5 kind."""
    from transformers import AutoConfig

    from tutor.engine.process.load import model_folder

    folder, _ = model_folder(run.model, run.data_dir, lambda share: None)
    config = AutoConfig.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
    return bool(config.is_encoder_decoder)
