"""How the buttons of trainings and adapters are come by. Adam looks after the community."""

from typing import Any

from storage.assignments import assign
from storage.jobs import enqueue
from tests.bot.discord_app.simulated.conftest import School
from tests.bot.discord_app.simulated.reaching import Offered, Reach, command, follow, hang, turn_of
from tests.doubles.tuning_stock import Trained, a_trained_adapter, a_version
from tutor.adapters.fitness import KIND
from tutor.adapters.trials import start_trial
from tutor.language import Language
from tutor.tuning.origin import origin_of
from tutor.tuning.report import binding_of
from tutor.tuning.runs import start_run
from tutor.turn import Turn


def scope_of(turn: Turn) -> str:
    return f"community:{turn.community.id}"


async def _version(school: School) -> tuple[Turn, str]:
    turn, services = await turn_of(school, "adam"), school.stage.services
    async with services.database.write() as session:
        version = await a_version(session, services.blobs, scope_of(turn), school.stage.clock[0])
    return turn, version.id


async def _run(school: School) -> tuple[Turn, Any]:
    turn, version_id = await _version(school)
    async with school.stage.services.database.write() as session:
        run = await start_run(
            session,
            scope=scope_of(turn),
            name="maths",
            version_id=version_id,
            recipe={},
            language=Language.ENGLISH,
            place=origin_of(turn).to_json(),
            started_by=turn.learner.id,
            not_before=None,
            now=school.stage.clock[0],
        )
    return turn, run


async def _trained(school: School, *, passed: bool = True) -> tuple[Turn, Trained]:
    services = school.stage.services
    turn, run = await _run(school)
    binding = binding_of(await services.engine.capabilities())
    async with services.database.write() as session:
        made = await a_trained_adapter(
            session,
            services.blobs,
            run,
            school.stage.clock[0],
            passed=passed,
            binding=binding,
        )
    return turn, made


async def build_result(school: School) -> Offered:
    turn = await turn_of(school, "adam")
    async with school.stage.services.database.write() as session:
        job = await enqueue(
            session,
            kind="dataset_build",
            payload={},
            scope=scope_of(turn),
            now=school.stage.clock[0],
        )
    return Offered(school.adam, await hang(school, "adam", "tune_data_result", {"job_id": job.id}))


async def prepare(school: School) -> Offered:
    await _version(school)
    return await command("tune data check", "adam")(school)


async def begin(school: School) -> Offered:
    await _version(school)
    return await command("tune start", "adam")(school)


async def stop(school: School) -> Offered:
    await _run(school)
    return await command("tune status", "adam")(school)


def reported(*, passed: bool = True, **fields: Any) -> Reach:
    """The buttons under a report card."""

    async def reach(school: School) -> Offered:
        await _trained(school, passed=passed)
        offered = await command("tune report", "adam")(school)
        return Offered(offered.who, offered.message, fields)

    return reach


async def reject(school: School) -> Offered:
    return await reported()(school)


async def roll_back(school: School) -> Offered:
    """Two adapters were promoted one after the other."""
    turn, made = await _trained(school)
    scope, now = scope_of(turn), school.stage.clock[0]
    async with school.stage.services.database.write() as session:
        for artifact_id in (None, made.artifact_id):
            await assign(
                session,
                scope=scope,
                kind=KIND,
                artifact_id=artifact_id,
                by=None,
                reason="promote",
                now=now,
            )
    about = {"community_id": turn.community.id, "scope": scope, "artifact_id": made.artifact_id}
    return Offered(school.adam, await hang(school, "adam", "adapter_rollback", about))


async def trial(school: School) -> Offered:
    turn, made = await _trained(school)
    services = school.stage.services
    capabilities = await services.engine.capabilities()
    async with services.database.write() as session:
        await start_trial(
            session,
            scope=scope_of(turn),
            candidate_id=made.artifact_id,
            control_id=None,
            by=None,
            now=school.stage.clock[0],
            capabilities=capabilities,
        )
    return await command("adapter trial status", "adam")(school)


async def correct(school: School) -> Offered:
    """After a thumb down and its reason."""
    answer = await school.ask()
    pressed = Offered(school.ann, answer)
    offered = await follow(school, await follow(school, pressed, "rate_down"), "rate_reason")
    return Offered(offered.who, offered.message, {"text": "Leaves catch light."})


TUNING: dict[str, Reach] = {
    "correct": correct,
    "tune_data_result": build_result,
    "tune_prepare": prepare,
    "tune_estimate_result": begin,
    "tune_begin": begin,
    "tune_stop": stop,
    "tune_reject": reject,
    "adapter_promote": reported(),
    "adapter_override": reported(passed=False, reason="A demonstration"),
    "adapter_compare": reported(question="What is 2 + 2?"),
    "adapter_rollback": roll_back,
    "trial_stop": trial,
}
