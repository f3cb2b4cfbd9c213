"""Which model to run on which machine, for `daoshi doctor`. A table, and nothing that is guessed.

Parameters and licences are those of the publishers' model cards. Needs follow from them: each
parameter takes two bytes in bf16 and about 0.7 in 4 bits (embeddings stay whole), and requests need
room. Only what is marked `measured` has been run by this project.
"""

from dataclasses import dataclass

from tutor.engine.profiles import ModelProfile, profile_for

GB = 10**9


@dataclass(frozen=True, slots=True)
class Recommendation:
    """`machine` names the class of machine; `memory_bytes` is what the model needs of it in all."""

    machine: str
    cuda: bool
    model: str  # "" is the embedded one
    name: str
    parameters: float
    weights: str  # fp32, bf16 or 4-bit
    memory_bytes: int
    licence: str
    measured: bool

    @property
    def profile(self) -> ModelProfile:
        """Languages, context and what the model may be asked for."""
        return profile_for(self.model)


_TABLE = (
    Recommendation(
        "CPU", False, "", "SmolLM2-135M-Instruct", 0.135e9, "fp32", 2 * GB, "Apache-2.0", True
    ),
    Recommendation(
        "GPU with 8 GB",
        True,
        "Qwen/Qwen3-4B-Instruct-2507",
        "Qwen3-4B-Instruct-2507",
        4.0e9,
        "4-bit",
        5 * GB,
        "Apache-2.0",
        False,
    ),
    Recommendation(
        "GPU with 12 GB",
        True,
        "Qwen/Qwen3-4B-Instruct-2507",
        "Qwen3-4B-Instruct-2507",
        4.0e9,
        "bf16",
        11 * GB,
        "Apache-2.0",
        False,
    ),
    Recommendation(
        "GPU with 24 GB",
        True,
        "Qwen/Qwen3-8B",
        "Qwen3-8B",
        8.2e9,
        "bf16",
        22 * GB,
        "Apache-2.0",
        False,
    ),
    Recommendation(
        "GPU with 80 GB",
        True,
        "Qwen/Qwen3-32B",
        "Qwen3-32B",
        32.8e9,
        "bf16",
        78 * GB,
        "Apache-2.0",
        False,
    ),
)


def recommendations() -> tuple[Recommendation, ...]:
    """The whole table, smallest machine first."""
    return _TABLE


def recommend(memory_bytes: int, cuda: bool) -> Recommendation:
    """The largest entry that fits into this memory (the GPU's with `cuda`, else the machine's).

    Without a GPU, or with one that is too small for any entry, it is the embedded model.
    """
    fitting = [row for row in _TABLE if row.cuda and cuda and row.memory_bytes <= memory_bytes]
    return fitting[-1] if fitting else _TABLE[0]
