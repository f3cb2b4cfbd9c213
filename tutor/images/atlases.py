"""What can be drawn for whom: an administrator's generator where one is in use, beside what ships.

The nearest scope counts, as for adapters. What a generator was trained on goes before the shipped
one's thing of the same name. Knows cards, never networks.
"""

import asyncio
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from zipfile import BadZipFile

import structlog

from storage.artifacts import Artifact, artifact_by_id
from storage.blobs import BlobDamaged, BlobMissing, BlobStore
from storage.database import Database
from tutor.adapters.generator_package import WEIGHTS, unpack_generator
from tutor.adapters.pinned import chosen, pointers_of
from tutor.images.atlas import Atlas
from tutor.images.card import CARD, GeneratorCard, read_card
from tutor.images.concepts import Concept, Concepts
from tutor.tuning.product import Product
from tutor.turn import Turn

FOLDER = "generators"  # in the data folder
ADDED = ("licence", "attribution")
log = structlog.get_logger()


class Atlases:
    """One for each process. An atlas is one object for as long as it is in use."""

    def __init__(
        self, database: Database, blobs: BlobStore, data_dir: Path, shipped: Atlas | None
    ) -> None:
        self.shipped = shipped
        self._database, self._blobs = database, blobs
        self._folder = data_dir / FOLDER
        self._made: dict[str, Atlas] = {}  # artifacts never change

    async def of(self, turn: Turn) -> Atlas | None:
        """What can be drawn for this learner here; None where there is no generator at all."""
        async with self._database.read() as session:
            found = await pointers_of(session, turn, Product.GENERATOR)
            artifact_id = chosen(found, turn.learner.id)
            if artifact_id is None:
                return self.shipped
            if artifact_id in self._made:
                return self._made[artifact_id]
            artifact = await artifact_by_id(session, artifact_id)
        assert artifact is not None, artifact_id
        atlas = await self._atlas(artifact)
        if atlas is None:  # a full disk, say: the next wish tries again
            return self.shipped
        self._made[artifact_id] = atlas
        return atlas

    async def _atlas(self, artifact: Artifact) -> Atlas | None:
        """None where its file can't be had, which costs the learner that generator alone."""
        try:
            folder = await self._laid_out(artifact)
        except (BlobMissing, BlobDamaged, BadZipFile, KeyError, ValueError, OSError) as error:
            log.error("generator_not_laid_out", artifact_id=artifact.id, error=str(error))  # noqa: TRY400
            return None
        card = read_card(folder)
        if card is None:
            log.error("generator_without_card", artifact_id=artifact.id)
            return None
        own = _offered(artifact.card)
        ids = {one.id for one in own}
        card = replace(card, concepts=tuple(one for one in card.concepts if one in ids))
        return _beside(own, card, self.shipped)

    async def _laid_out(self, artifact: Artifact) -> Path:
        """Its files in the data folder, written once; they appear all at once."""
        folder = self._folder / artifact.id
        if not (folder / WEIGHTS).is_file():
            data = await self._blobs.get(artifact.blob_hash)
            await asyncio.to_thread(_publish, data, artifact, folder)
        return folder


def _offered(card: Mapping[str, object]) -> tuple[Concept, ...]:
    """The things of a card that its report found recognisable; all of them without a report."""
    labels = card.get("labels")
    assert isinstance(labels, list), card.keys()
    concepts = tuple(
        Concept(one["id"], one["en"], one["zh"], one["category"], tags_en=(), tags_zh=())
        for one in labels
    )
    offered = card.get("offered")
    if not isinstance(offered, list) or not offered:
        return concepts
    return tuple(one for one in concepts if one.id in offered)


def _beside(own: tuple[Concept, ...], card: GeneratorCard, shipped: Atlas | None) -> Atlas:
    """Own things first; of what ships, the rest."""
    if shipped is None:
        return Atlas(Concepts(own), (card,))
    ids = {one.id for one in own}
    rest = tuple(one for one in shipped.concepts.offered if one.id not in ids)
    known = tuple(one for one in shipped.concepts.known if one.id not in ids)
    return Atlas(Concepts((*own, *rest), known), (card, *shipped.generators))


def _publish(data: bytes, artifact: Artifact, folder: Path) -> None:
    """Writes beside its place, then moves it there in one step. What was added to its card since
    it was packed (its name, licence and sources) is added to the one that goes with the pictures.
    """
    building = folder.with_name(f"{folder.name}.{os.getpid()}.tmp")
    shutil.rmtree(building, ignore_errors=True)
    try:
        unpack_generator(data, building)
        card = json.loads((building / CARD).read_text(encoding="utf-8"))
        whole = {**artifact.card, **card, "name": artifact.name}
        whole |= {key: artifact.card[key] for key in ADDED if key in artifact.card}
        (building / CARD).write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        building.rename(folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)
