"""What differs between a run that makes an adapter and one that makes a generator.

Stages, leases, resuming, cards, decisions and pointers know no difference: they ask the craft.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from storage.blobs import BlobStore
from storage.datasets import DatasetVersion
from training.runs.adapter_craft import AdapterCraft
from training.runs.folder import RunFolder
from training.runs.generator_craft import GeneratorCraft
from training.runs.room import Need
from training.runs.tools import Tools
from training.runs.work import Work
from tutor.tuning.product import Product, product_of


class Craft(Protocol):
    """Made for one set of tools. `media_type` is that of what `pack` returns."""

    media_type: str
    trainer: str  # a module, run with the run's folder as its argument

    async def base(self, work: Work) -> dict[str, Any]:
        """What it is trained on: nothing, or the model that serves."""
        ...

    async def write_data(
        self, blobs: BlobStore, version: DatasetVersion, folder: RunFolder
    ) -> None:
        """Lays out what is learnt from. Raises RunFailed."""
        ...

    async def measure(self, folder: RunFolder) -> Need:
        """What the training will take."""
        ...

    async def compared(self, work: Work, version: DatasetVersion) -> dict[str, Any]:
        """The report, as a row keeps it, with `passed`. Raises RunWaits and NotCompared."""
        ...

    def card(
        self, work: Work, version: DatasetVersion, report: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        """What the artifact says of itself."""
        ...

    def pack(self, folder: Path) -> bytes:
        """The artifact's file, of a folder with its card."""
        ...


def craft_for(product: Product, tools: Tools) -> Craft:
    """The craft of a kind of artifact."""
    return GeneratorCraft(tools) if product is Product.GENERATOR else AdapterCraft(tools)


def craft_of(work: Work) -> Craft:
    """The craft of a run."""
    return craft_for(product_of(work.run.recipe), work.tools)
