"""Training learns the same as plain TRL at least 1.5 times as fast, with no more memory.

Same model, documents, loss tokens, LoRA, rate, schedule and steps in fp32, each in its own process,
in turns. `--data FILE` takes other examples than the project's own.
"""

import argparse
import asyncio
import json
import sys
from typing import Any

from benchmarks.stage.verdict import Verdict, present

RATIO = 1.5
LOSS_TOLERANCE = 0.02  # relative: the batches are cut differently


async def examine(verdict: Verdict) -> None:
    figures = await _measured()
    ratio = figures["tokens_per_second"] / figures["peer_tokens_per_second"]
    verdict.check(
        f"at least {RATIO} times the useful tokens a second",
        f"{ratio:.2f} ({figures['tokens_per_second']} to {figures['peer_tokens_per_second']})",
        ratio >= RATIO,
    )
    ours, theirs = figures["peak_bytes"] / 2**30, figures["peer_peak_bytes"] / 2**30
    verdict.check("no more memory", f"{ours:.2f} to {theirs:.2f} GiB", ours <= theirs)
    loss, peer = figures["loss"], figures["peer_loss"]
    noise = max(figures["loss_noise"], LOSS_TOLERANCE * peer)
    verdict.check(
        f"same held-out loss within noise ({noise:.3f})",
        f"{loss:.4f} to {peer:.4f}",
        abs(loss - peer) <= noise,
    )
    packed = figures["tokens_per_second"] / figures["peer_packed_tokens_per_second"]
    verdict.remark = (
        f"against TRL with packing {packed:.2f} times, "
        f"{figures['peer_packed_peak_bytes'] / 2**30:.2f} GiB, "
        f"loss {figures['peer_packed_loss']:.4f}"
    )
    verdict.note(verdict.remark)


async def _measured() -> dict[str, Any]:
    """The figures of `benchmarks.finetune`."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--data")
    options, _ = parser.parse_known_args()
    more = ["--data", options.data] if options.data else []
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.finetune", "--json", *more),
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, "the measurement failed"
    figures: dict[str, Any] = json.loads(output.decode().splitlines()[-1])
    return figures


def main() -> int:
    return present("Training beats plain TRL", examine)


if __name__ == "__main__":
    sys.exit(main())
