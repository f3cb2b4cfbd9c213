"""A generator that somebody trained draws where it is used, beside the one that ships."""

from pathlib import Path

from storage.artifacts import Artifact, add_artifact
from storage.assignments import assign
from tests.bot.commands.pictures.test_imagine import pictures
from tests.doubles.desk import Desk
from tests.doubles.tiny_generator import save_tiny
from tutor.adapters.generator_package import MEDIA_TYPE, pack_generator
from tutor.images.concepts import Concept
from tutor.images.marking import look_at
from tutor.tuning.product import Product

ZEBRA = Concept("zebra", "zebra", "斑马", "own")
BLUR = Concept("blur", "blur", "blur", "own")  # was not recognised


async def trained(desk: Desk, folder: Path, blob: bytes | None = None) -> Artifact:
    """A generator as a training leaves it: of its two things one is offered."""
    made = save_tiny(folder, "ours", (ZEBRA, BLUR), ("variant-1", "variant-2"))
    services = desk.services
    stored = await services.blobs.put(blob or pack_generator(made))
    labels = [
        {"id": one.id, "en": one.en, "zh": one.zh, "category": one.category}
        for one in (ZEBRA, BLUR)
    ]
    card = {"labels": labels, "styles": ["variant-1", "variant-2"], "offered": ["zebra"]}
    card |= {"weights_sha256": "f" * 64, "licence": "CC0", "attribution": [{"name": "Zoo"}]}
    async with services.database.write() as session:
        return await add_artifact(
            session,
            stored,
            kind=Product.GENERATOR.value,
            name="stripes",
            base_hash="",
            card=card,
            media_type=MEDIA_TYPE,
            now=desk.clock[0],
        )


async def use(desk: Desk, artifact: Artifact | None, scope: str = "global") -> None:
    async with desk.services.database.write() as session:
        await assign(
            session,
            scope=scope,
            kind=Product.GENERATOR.value,
            artifact_id=artifact.id if artifact else None,
            by=None,
            reason="test",
            now=desk.clock[0],
        )


async def test_its_things_are_drawn_as_long_as_it_is_used(desk: Desk, tmp_path: Path) -> None:
    assert not pictures(await desk.say("draw a zebra"))
    artifact = await trained(desk, tmp_path)
    await use(desk, artifact)
    [zebra] = pictures(await desk.say("draw a zebra"))
    mark = look_at(zebra.data).mark
    assert mark is not None and mark.model == artifact.id
    [dog] = pictures(await desk.say("draw a dog"))
    mark = look_at(dog.data).mark
    assert mark is not None and mark.model == "icons-1"
    credited = (await desk.give("credits")).text
    assert "**Picture generator stripes** (CC0)" in credited
    assert "Zoo" in credited
    await use(desk, None)
    assert not pictures(await desk.say("draw a zebra"))


async def test_what_was_not_recognised_is_not_offered(desk: Desk, tmp_path: Path) -> None:
    await use(desk, await trained(desk, tmp_path))
    assert not pictures(await desk.say("draw a blur"))


async def test_it_draws_in_its_scope_alone(desk: Desk, tmp_path: Path) -> None:
    artifact = await trained(desk, tmp_path)
    turn = (await desk.say("hi")).turn
    await use(desk, artifact, f"learner:{turn.learner.id}")
    assert pictures(await desk.say("draw a zebra"))
    await use(desk, None, f"learner:{turn.learner.id}")
    await use(desk, artifact, "community:somewhere-else")
    assert not pictures(await desk.say("draw a zebra"))


async def test_damaged_generator_costs_its_own_things_only(desk: Desk, tmp_path: Path) -> None:
    await use(desk, await trained(desk, tmp_path, b"no archive"))
    assert not pictures(await desk.say("draw a zebra"))
    assert pictures(await desk.say("draw a dog"))


async def test_variants_are_named_by_their_numbers(desk: Desk, tmp_path: Path) -> None:
    await use(desk, await trained(desk, tmp_path))
    answer = await desk.say("draw a zebra")
    assert "variant 1" in answer.text
    assert "variant 2" in (await desk.press(answer.button("Change style"))).text
