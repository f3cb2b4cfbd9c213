"""From a request to a version: uploads, bank and chats, with everybody's consent or not at all."""

import json
from datetime import timedelta

import pytest

from storage import (
    artifacts,
    communities,
    consents,
    conversations,
    corrections,
    datasets,
    jobs,
    learners,
    outbox,
    tuning_runs,
    turns,
)
from storage.blobs import BlobMissing
from storage.erase import erase_learner
from storage.jobs import JobState
from tests.doubles.clock import Clock
from training.dataset_jobs import HANDLERS
from training.datasets import versions
from training.datasets.example import ExampleKind
from training.settings import WorkerSettings
from training.worker import Worker
from tutor.bank.item import AnswerKey, AnswerType, Course, Hint, HintKind, Item, Origin, Skill, Step
from tutor.bank.saving import save_course
from tutor.language import Language
from tutor.tuning.datasets import check_of, check_text, listed, request_build, request_word
from tutor.tuning.stage import ACTIVE
from tutor.tuning.withdrawal import consequence_text, report_text, withdraw

ROWS = [{"prompt": f"What is {n} + 1?", "answer": f"Count on from {n}."} for n in range(30)]


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def settings(tmp_path, model_folder):
    url = f"sqlite:///{tmp_path / 'daoshi.db'}"
    return WorkerSettings(url, tmp_path, model=str(model_folder), train_on_chats=True)


async def build(database, blobs, settings, clock, source, name="hints", place=None, word=False):
    """`word`: whoever asked did not wait, and wants to be told."""
    async with database.write() as session:
        job = await request_build(
            session,
            scope="global",
            name=name,
            source=source,
            language=Language.ENGLISH,
            by=None,
            place=place,
            tell=False,
            now=clock(),
        )
        if word:
            await request_word(session, job, clock())
    worker = Worker(
        database, blobs, settings, HANDLERS, lambda schedule, now: None, owner="w", now=clock
    )
    await worker.do_next_job()
    if word:
        await worker.do_next_job()
    async with database.read() as session:
        return await jobs.job_by_id(session, job.id)


async def upload(blobs, records=ROWS):
    content = "".join(json.dumps(one) + "\n" for one in records).encode()
    blob = await blobs.put(content)
    return {"upload": {"blob": blob.hash, "file_name": "hints.jsonl", "licence": "CC0"}}


async def meet(database, clock, user_id, *, agrees=True):
    async with database.write() as session:
        learner = await learners.recognise(
            session,
            platform="discord",
            workspace="",
            user_id=user_id,
            display_name=user_id,
            locale="en",
            now=clock(),
        )
        if agrees:
            await consents.record_consent(
                session, learner.id, "training", granted=True, source="settings", now=clock()
            )
    return learner.id


async def talk(database, clock, learner_id, channel, *, rating=1, better=None):
    """A question and a reply in somebody's direct messages, rated by them."""
    async with database.write() as session:
        community = await communities.community_for(
            session, platform="discord", external_id="G1", now=clock()
        )
        conversation = await conversations.open_conversation(
            session,
            platform="discord",
            community_id=community.id,
            channel=channel,
            thread=None,
            learner_id=learner_id,
            now=clock(),
        )
        said = {"conversation_id": conversation.id, "learner_id": learner_id, "now": clock()}
        await turns.add_turn(session, role="user", text=f"Why does {channel} rain?", **said)
        reply = await turns.add_turn(
            session, role="assistant", text=f"Clouds of {channel}.", **said
        )
        await turns.rate_turn(session, reply.id, learner_id, rating, clock())
        if better:
            await corrections.correct_turn(session, reply.id, learner_id, better, clock())
    return reply.id


async def manifest_of(database, job):
    assert job.state == JobState.DONE, job.error
    async with database.read() as session:
        return await datasets.version_by_id(session, job.result["version_id"])


async def test_upload_becomes_a_version_that_can_be_loaded(database, blobs, settings, clock):
    version = await manifest_of(
        database, await build(database, blobs, settings, clock, await upload(blobs))
    )
    train, held_out = await versions.load(blobs, version)
    assert len(train) + len(held_out) == 30 and held_out
    assert {example.licence for example in train} == {"CC0"}
    async with database.read() as session:
        [one] = await listed(session, "global")
        assert (one.name, one.number, one.licences) == ("hints", 1, ("CC0",))
        check = await check_of(session, version.id)
    assert check.train == len(train) and check.samples
    for language in Language:
        assert "30" in check_text(language, check)


async def test_same_content_gives_the_version_that_there_is(database, blobs, settings, clock):
    first = await build(database, blobs, settings, clock, await upload(blobs))
    again = await build(database, blobs, settings, clock, await upload(blobs))
    assert again.result["existing"] and not first.result["existing"]
    assert again.result["version_id"] == first.result["version_id"]
    other = await build(database, blobs, settings, clock, await upload(blobs, ROWS[:20]))
    assert other.result["number"] == 2


async def test_bad_upload_fails_once_with_its_sentence(database, blobs, settings, clock):
    job = await build(database, blobs, settings, clock, await upload(blobs, ROWS[:1]))
    assert job.state == JobState.FAILED and "only one problem" in job.error


@pytest.mark.parametrize(
    ("rows", "told"),
    [(ROWS, "The data set “hints” is ready"), (ROWS[:1], "The data set was not made. ")],
)
async def test_end_of_a_slow_build_is_told_where_it_was_asked_for(
    database, blobs, settings, clock, rows, told
):
    place = {"platform": "discord", "community": "", "channel": "C1", "thread": None}
    place |= {"recipient": "U1", "community_id": "c", "conversation_id": "v"}
    source = await upload(blobs, rows)
    await build(database, blobs, settings, clock, source, place=place, word=True)
    async with database.write() as session:
        [notice] = await outbox.take_due(
            session,
            platforms=["discord"],
            owner="t",
            lease_until=clock() + timedelta(minutes=1),
            now=clock(),
        )
    assert (notice.recipient, notice.place["channel"]) == ("U1", "C1")
    assert told in notice.body["text"]


async def test_word_on_a_build_that_still_runs_waits_for_it(database, blobs, settings, clock):
    async with database.write() as session:
        job = await jobs.enqueue(session, kind="dataset_build", payload={}, now=clock())
        await jobs.take_job(
            session,
            owner="other",
            kinds=["dataset_build"],
            lease_until=clock() + timedelta(hours=1),
            now=clock(),
        )
        await request_word(session, job, clock())
    worker = Worker(
        database, blobs, settings, HANDLERS, lambda schedule, now: None, owner="w", now=clock
    )
    assert await worker.do_next_job()
    assert not await worker.do_next_job()
    async with database.read() as session:
        [word] = await jobs.list_jobs(session, kind="dataset_word")
    assert (word.state, word.attempts) == (JobState.QUEUED, 0)
    assert word.lease_until > clock()


async def test_bank_and_teachers_answers_become_examples(database, blobs, settings, clock):
    def item(number):
        key = AnswerKey(AnswerType.NUMBER, (str(number + 3),))
        hints = (Hint(HintKind.HINT, f"Start at {number} and count three on."),)
        step = Step("a", f"What is {number} + 3?", key, hints, ("adding",))
        origin = Origin.TEACHER if number % 2 else Origin.IMPORT
        return Item(f"i{number}", "", (step,), "en", licence="CC0", origin=origin)

    course = Course(
        "sums",
        {"en": "Sums"},
        "en",
        (),
        (Skill("adding", {"en": "Adding"}),),
        tuple(item(number) for number in range(10, 30)),
    )
    async with database.write() as session:
        await save_course(session, course, owner_id=None, community_id=None, now=clock())
    bank = await build(database, blobs, settings, clock, {"bank": {"course_ids": None}})
    made = await manifest_of(database, bank)
    assert [one["source"] for one in made.manifest["sources"]] == ["bank"]
    told = await build(database, blobs, settings, clock, {"answers": {}}, name="answers")
    version = await manifest_of(database, told)
    assert version.manifest["sources"][0]["examples"] == 10
    train, _ = await versions.load(blobs, version)
    assert train[0].messages[-1].content.startswith("Start at")
    assert "The answer is" in train[0].messages[-1].content


async def test_chats_need_the_switch_and_consent(database, blobs, settings, clock):
    ann, bob = [await meet(database, clock, name) for name in ("1", "2")]
    eve = await meet(database, clock, "3", agrees=False)
    for learner_id, channel in ((ann, "A"), (bob, "B"), (eve, "E")):
        await talk(database, clock, learner_id, channel)
    off = WorkerSettings(settings.database_url, settings.data_dir, model=settings.model)
    refused = await build(database, blobs, off, clock, {"chats": {}})
    assert refused.state == JobState.FAILED and "DAOSHI_TRAIN_ON_CHATS" in refused.error
    version = await manifest_of(
        database, await build(database, blobs, settings, clock, {"chats": {}}, name="chats")
    )
    train, held_out = await versions.load(blobs, version)
    text = str([*train, *held_out])
    assert "Clouds of A" in text and "Clouds of B" in text and "of E" not in text
    assert version.manifest["consents"] == {"people": 2, "examples": 2}
    assert version.manifest["rejected"]["total"] == 1 and not version.manifest["samples"]
    async with database.read() as session:
        assert await datasets.contributors(session, version.id) == {ann: 1, bob: 1}


async def test_better_answer_makes_a_preference(database, blobs, settings, clock):
    ann, bob = [await meet(database, clock, name) for name in ("1", "2")]
    await talk(database, clock, ann, "A", rating=-1, better="Warm air rises and cools.")
    await talk(database, clock, bob, "B", rating=-1)
    job = await build(database, blobs, settings, clock, {"chats": {}})
    train, held_out = await versions.load(blobs, await manifest_of(database, job))
    by_kind = {example.kind: example for example in (*train, *held_out)}
    assert by_kind[ExampleKind.PREFERENCE].chosen == "Warm air rises and cools."
    assert by_kind[ExampleKind.PREFERENCE].rejected == "Clouds of A."
    assert by_kind[ExampleKind.RATED].desired is False


async def chats_version(database, blobs, settings, clock):
    """A version with three people's chats, an adapter of it, and a run on it."""
    people = [await meet(database, clock, name) for name in ("1", "2", "3")]
    for learner_id in people:
        await talk(database, clock, learner_id, f"C{learner_id[-4:]}")
    job = await build(database, blobs, settings, clock, {"chats": {}})
    version = await manifest_of(database, job)
    blob = await blobs.put(b"weights")
    async with database.write() as session:
        await artifacts.add_artifact(
            session,
            blob,
            kind="text_adapter",
            name="kind hints",
            base_hash="b",
            card={"dataset": {"version_id": version.id}},
            media_type="application/zip",
            now=clock(),
        )
        run = await tuning_runs.add_run(
            session,
            scope="global",
            name="second try",
            version_id=version.id,
            stage="training",
            recipe={},
            language="en",
            now=clock(),
        )
    return people, version, run


async def test_withdrawal_names_adapters_and_lets_the_words_go(database, blobs, settings, clock):
    (ann, *_), version, run = await chats_version(database, blobs, settings, clock)
    async with database.write() as session:
        await consents.record_consent(
            session, ann, "training", granted=False, source="settings", now=clock()
        )
        withdrawn = await withdraw(session, ann, clock(), operators=("discord:77",))
    assert [one.name for one in withdrawn.adapters] == ["kind hints"]
    assert [one.name for one in withdrawn.runs] == ["second try"]
    for language in Language:
        assert "kind hints" in report_text(language, withdrawn)
        assert consequence_text(language, withdrawn)
    async with database.write() as session:
        marked = await datasets.version_by_id(session, version.id)
        assert marked.withdrawn_at and marked.blob_hash  # a run still needs it
        assert await datasets.latest_version(session, version.dataset_id) is None
        await tuning_runs.set_stage(
            session, run.id, come_from=["training"], to="cancelled", now=clock(), finished=True
        )
        assert await datasets.let_go_of_examples(session, ACTIVE) == [version.id]
        gone = await datasets.version_by_id(session, version.id)
    with pytest.raises(BlobMissing):
        await versions.load(blobs, gone)
    again = await build(database, blobs, settings, clock, {"chats": {}})
    later = await manifest_of(database, again)
    assert later.number == 2 and later.manifest["consents"]["people"] == 2


async def test_erasure_withdraws_the_versions(database, blobs, settings, clock):
    (ann, *_), version, _ = await chats_version(database, blobs, settings, clock)
    async with database.write() as session:
        await erase_learner(session, ann, clock())
        assert (await datasets.version_by_id(session, version.id)).withdrawn_at is not None
        assert ann not in await datasets.contributors(session, version.id)


async def test_consent_that_ends_during_a_build_is_in_no_version(database, blobs, settings, clock):
    ann, bob, cid = [await meet(database, clock, name) for name in ("1", "2", "3")]
    for learner_id, channel in ((ann, "A"), (bob, "B"), (cid, "C")):
        await talk(database, clock, learner_id, channel)

    from training import dataset_jobs

    whole = dataset_jobs._built

    async def slow(running):
        built = await whole(running)
        async with database.write() as session:
            await consents.record_consent(
                session, ann, "training", granted=False, source="settings", now=clock()
            )
        return built

    dataset_jobs._built = slow
    try:
        job = await build(database, blobs, settings, clock, {"chats": {}})
    finally:
        dataset_jobs._built = whole
    assert job.state == JobState.QUEUED
    async with database.read() as session:
        assert await datasets.versions_with_learner(session, ann) == []
