"""Whose generator draws: the one of the nearest scope, what it is good at, beside what ships."""

import json
from pathlib import Path
from typing import Any

from storage.artifacts import Artifact, add_artifact
from storage.assignments import assign, unassign
from tests.doubles.desk import ANN, BOB, Desk, shared
from tests.doubles.gan_trainer import LABELS, write_generator
from tests.doubles.picture_atlas import an_atlas
from tutor.adapters.generator_package import pack_generator
from tutor.adapters.scopes import GLOBAL, for_community, for_learner
from tutor.images.atlases import Atlases
from tutor.images.card import CARD
from tutor.tuning.product import Product
from tutor.turn import Turn


async def generator(desk: Desk, tmp_path: Path, name: str, offered: list[str]) -> Artifact:
    """A trained generator that is stored."""
    write_generator(tmp_path / name)
    card = {
        **json.loads((tmp_path / name / CARD).read_text()),
        "name": name,
        "licence": "CC0",
        "attribution": [],
        "labels": [{**one, "category": "own"} for one in LABELS],
        "offered": offered,
    }
    (tmp_path / name / CARD).write_text(json.dumps(card))
    blob = await desk.services.blobs.put(pack_generator(tmp_path / name))
    async with desk.services.database.write() as session:
        return await add_artifact(
            session,
            blob,
            kind=Product.GENERATOR,
            name=name,
            base_hash="",
            card=card,
            media_type="application/zip",
            now=desk.clock[0],
        )


async def put(desk: Desk, artifact: Artifact | None, scope: str) -> None:
    async with desk.services.database.write() as session:
        await assign(
            session,
            scope=scope,
            kind=Product.GENERATOR,
            artifact_id=artifact.id if artifact else None,
            by=None,
            reason="test",
            now=desk.clock[0],
        )


async def turn_of(desk: Desk, **more: Any) -> Turn:
    return (await desk.give("help", **shared(**{"author": ANN, **more}))).turn


def atlases(desk: Desk, tmp_path: Path, **more: Any) -> Atlases:
    services = desk.services
    return Atlases(services.database, services.blobs, tmp_path / "data", more.get("shipped"))


async def test_nearest_scope_decides_who_draws(desk: Desk, tmp_path: Path) -> None:
    turn, bobs = await turn_of(desk), await turn_of(desk, author=BOB)
    found = atlases(desk, tmp_path)
    assert await found.of(turn) is None
    here = await generator(desk, tmp_path, "here", ["cat", "dog"])
    hers = await generator(desk, tmp_path, "hers", ["cat"])
    await put(desk, here, for_community(turn.community.id))
    await put(desk, hers, for_learner(turn.learner.id, turn.community.id))
    for whose, name in ((turn, "hers"), (bobs, "here")):
        atlas = await found.of(whose)
        assert atlas is not None
        assert [one.name for one in atlas.generators] == [name]


async def test_generator_is_laid_out_once_and_its_atlas_stays_one(
    desk: Desk, tmp_path: Path
) -> None:
    turn, found = await turn_of(desk), atlases(desk, tmp_path)
    made = await generator(desk, tmp_path, "ours", ["cat", "dog"])
    await put(desk, made, GLOBAL)
    first = await found.of(turn)
    assert first is not None and first is await found.of(turn)
    folder = tmp_path / "data" / "generators" / made.id
    assert sorted(one.name for one in folder.iterdir()) == ["card.json", "generator.safetensors"]
    async with desk.services.database.write() as session:
        await unassign(
            session,
            scope=GLOBAL,
            kind=Product.GENERATOR,
            by=None,
            reason="test",
            now=desk.clock[0],
        )
    assert await found.of(turn) is None


async def test_what_is_not_recognisable_is_left_to_what_ships(desk: Desk, tmp_path: Path) -> None:
    """Ours draws dogs and cats too, and no cat that anybody knows."""
    turn, found = await turn_of(desk), atlases(desk, tmp_path, shipped=an_atlas())
    await put(desk, await generator(desk, tmp_path, "ours", ["dog"]), GLOBAL)
    atlas = await found.of(turn)
    assert atlas is not None
    drawn_by = {one: atlas.generator_of(one) for one in ("dog", "cat", "volcano")}
    assert {one: card and card.name for one, card in drawn_by.items()} == {
        "dog": "ours",
        "cat": "icons-1",
        "volcano": "icons-1",
    }


async def test_generator_whose_file_is_gone_costs_nobody_a_reply_and_counts_when_it_is_back(
    desk: Desk, tmp_path: Path
) -> None:
    turn, shipped = await turn_of(desk), an_atlas()
    made = await generator(desk, tmp_path, "ours", ["dog"])
    await put(desk, made, GLOBAL)
    found, file = atlases(desk, tmp_path, shipped=shipped), desk.services.blobs.path(made.blob_hash)
    kept = file.read_bytes()
    file.unlink()
    assert await found.of(turn) is shipped
    file.write_bytes(kept)
    atlas = await found.of(turn)
    assert atlas is not None and atlas.generators[0].name == "ours"


async def test_base_is_what_ships(desk: Desk, tmp_path: Path) -> None:
    turn, shipped = await turn_of(desk), an_atlas()
    await put(desk, await generator(desk, tmp_path, "ours", ["dog"]), GLOBAL)
    await put(desk, None, for_community(turn.community.id))
    assert await atlases(desk, tmp_path, shipped=shipped).of(turn) is shipped
