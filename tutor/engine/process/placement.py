"""On which device a model's weights lie and in which numbers, decided before it is loaded."""

import importlib.util
from typing import Any

import torch

from tutor.engine.contract import ModelUnusable
from tutor.i18n import mark

SPARE_SHARE = 0.8  # of free GPU memory that weights may take; the rest is for requests
NEEDS_CUDA = mark(
    "4-bit weights need an NVIDIA GPU, and this machine shows none. Leave four_bit out of the "
    "recipe, or train where there is one."
)
NEEDS_BITSANDBYTES = mark(
    "4-bit weights of {model} need the library bitsandbytes. Install `daoshi[cuda]`, or leave "
    "four_bit out of the recipe."
)
FITS_ONLY_IN_FOUR_BITS = mark(
    "{model} fits this GPU only with 4-bit weights. Install `daoshi[cuda]`, or choose a smaller "
    "model."
)


def placement_of(
    weights_bytes: int, name: str, four_bit: bool | None = None
) -> tuple[str, dict[str, Any]]:
    """Device and loading arguments: bf16 on a GPU, 4-bit where that would not fit, else the CPU.

    `four_bit` True or False decides it. Raises ModelUnusable where it can't be had.
    """
    if not torch.cuda.is_available():
        if four_bit:
            raise ModelUnusable(NEEDS_CUDA)
        return "cpu", {"dtype": torch.float32}
    free_bytes, _ = torch.cuda.mem_get_info()
    here = torch.cuda.current_device()  # one of several trainers has one of its own
    placement: dict[str, Any] = {"dtype": torch.bfloat16, "device_map": {"": here}}
    fits = weights_bytes <= free_bytes * SPARE_SHARE
    if four_bit or (four_bit is None and not fits):
        placement["quantization_config"] = _nf4(name, NEEDS_BITSANDBYTES if four_bit else None)
    return "cuda", placement


def _nf4(name: str, missing: str | None) -> Any:
    from transformers import BitsAndBytesConfig

    if importlib.util.find_spec("bitsandbytes") is None:
        raise ModelUnusable(missing or FITS_ONLY_IN_FOUR_BITS, model=name)
    return BitsAndBytesConfig(  # type: ignore[no-untyped-call]
        load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=torch.bfloat16
    )
