"""Adapters in and out with a real engine of tiny size, and with peft itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel
from sqlalchemy.exc import IntegrityError
from transformers import LlamaForCausalLM

from storage.artifacts import artifacts, set_card
from storage.blobs import Blob, BlobStore
from storage.database import Database
from tests.doubles.clock import Clock
from tests.doubles.fake_engine import FakeEngine
from tests.doubles.lora_files import write_lora
from tests.tutor.engine.tiny_model import save_tiny_adapter, save_tiny_model
from tutor.adapters.fitness import KIND
from tutor.adapters.importing import export_folder, import_adapter
from tutor.adapters.package import pack, read_folder
from tutor.adapters.refusals import AdapterRefused, AdapterUnsafe
from tutor.engine.client import LocalEngine


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_model(tmp_path_factory.mktemp("tiny") / "model")


@pytest.fixture
async def engine(model: Path, tmp_path: Path) -> AsyncIterator[LocalEngine]:
    engine = LocalEngine(tmp_path / "data", str(model), idle_seconds=0.1)
    yield engine
    await engine.close()


@pytest.fixture
def bring(database: Database, blobs: BlobStore, clock: Clock, engine: LocalEngine) -> Any:
    async def brought(source: Path | bytes) -> Any:
        return await import_adapter(
            database,
            blobs,
            engine,
            source,
            name="mine",
            scope="global",
            licence="CC0",
            by=None,
            now=clock(),
        )

    return brought


async def test_an_export_is_what_peft_loads_and_equals_what_came_in(
    bring: Any, model: Path, database: Database, blobs: BlobStore, tmp_path: Path
) -> None:
    foreign = save_tiny_adapter(model, tmp_path / "foreign", seed=1)
    made = await bring(pack(foreign))
    async with database.read() as session:
        folder = await export_folder(session, blobs, made.id, tmp_path / "out")
    ids = torch.tensor([[5, 6, 7, 8]])
    logits = [
        PeftModel.from_pretrained(LlamaForCausalLM.from_pretrained(model), str(place))(ids).logits
        for place in (foreign, folder)
    ]
    assert torch.equal(*logits)
    assert made.base_hash and made.card["imported"] and made.card["report"] is None


async def test_an_export_carries_what_is_known_of_the_adapter_now(
    bring: Any, model: Path, database: Database, blobs: BlobStore, tmp_path: Path
) -> None:
    made = await bring(pack(save_tiny_adapter(model, tmp_path / "foreign", seed=1)))
    async with database.write() as session:
        await set_card(session, made.id, {**made.card, "phrases": ["hint"]})
        folder = await export_folder(session, blobs, made.id, tmp_path / "out")
    assert read_folder(folder).card["phrases"] == ["hint"]


async def test_another_base_and_other_shapes_are_refused(
    bring: Any, model: Path, tmp_path: Path
) -> None:
    with pytest.raises(AdapterRefused, match="does not fit"):
        await bring(write_lora(tmp_path / "shapes"))
    with pytest.raises(AdapterRefused, match="another model"):
        await bring(write_lora(tmp_path / "base", card={"base_hash": "c" * 64}))
    other = save_tiny_model(tmp_path / "larger", hidden_size=64)
    with pytest.raises(AdapterRefused, match="does not fit"):
        await bring(save_tiny_adapter(other, tmp_path / "foreign", seed=2))
    with pytest.raises(AdapterUnsafe):
        await bring(b"no zip")


class Trying(BlobStore):
    """A store in which writing a file takes as long as somebody else's whole transaction."""

    def __init__(self, folder: Path, database: Database) -> None:
        super().__init__(folder)
        self.database, self.others = database, 0

    @asynccontextmanager
    async def stored(self, data: bytes) -> AsyncIterator[Blob]:
        async with asyncio.timeout(20), self.database.write():
            self.others += 1
        async with super().stored(data) as blob:
            yield blob


async def brought_in(database: Database, blobs: BlobStore, source: Path, by: str | None) -> None:
    await import_adapter(
        database,
        blobs,
        FakeEngine(),
        source,
        name="mine",
        scope="global",
        licence="CC0",
        by=by,
        now=datetime(2026, 11, 23, tzinfo=UTC),
    )


async def test_others_write_while_the_file_is_stored(database: Database, tmp_path: Path) -> None:
    blobs = Trying(tmp_path / "blobs", database)
    await brought_in(database, blobs, write_lora(tmp_path / "made"), None)
    assert blobs.others == 1


async def test_an_import_that_can_not_be_written_leaves_no_file(
    database: Database, blobs: BlobStore, tmp_path: Path
) -> None:
    with pytest.raises(IntegrityError):
        await brought_in(database, blobs, write_lora(tmp_path / "made"), "nobody")
    assert [path for path in blobs.folder.rglob("*") if path.is_file()] == []
    async with database.read() as session:
        assert await artifacts(session, KIND) == []


async def test_an_engine_names_its_weights_wherever_they_lie(
    engine: LocalEngine, model: Path, tmp_path: Path
) -> None:
    first = await engine.capabilities()
    copy = save_tiny_model(tmp_path / "copied")
    moved = LocalEngine(tmp_path / "elsewhere", str(copy), idle_seconds=0.1)
    try:
        second = await moved.capabilities()
    finally:
        await moved.close()
    assert first.base_hash == second.base_hash and len(first.base_hash) == 64
    assert first.template_hash == second.template_hash and first.precision == "float32"
    assert first.base_revision != second.base_revision  # that of the folder
