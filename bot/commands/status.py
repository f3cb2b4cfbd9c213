"""What an admin wants to know of the machine: who answers, which adapters, which jobs."""

from collections.abc import AsyncIterator
from datetime import datetime

from bot.commands.about import model_name, version
from bot.commands.permissions import has_role
from bot.services import Services
from storage import adapter_pointers, assignments, jobs
from storage.assignments import Assignment
from storage.jobs import Job, JobState
from tutor.adapters.parked import parked, parked_sentence, retrain_sentence
from tutor.engine.contract import Capabilities, EngineError, EnginePaused, Health
from tutor.i18n import mark, say
from tutor.language import Language
from tutor.messages import ReplyPart, Role, Text
from tutor.tuning.away import away
from tutor.turn import Turn

SHOWN_JOBS = 10
KINDS = {
    adapter_pointers.KIND: mark("- Style: {name}"),
    "image_generator": mark("- Pictures: {name}"),
}
_STATES = {
    JobState.QUEUED: mark("waiting"),
    JobState.RUNNING: mark("running"),
    JobState.DONE: mark("done"),
    JobState.FAILED: mark("failed"),
    JobState.CANCELLED: mark("cancelled"),
}
_BYTES_PER_GB = 1e9
_ERROR_CHARACTERS = 120


async def show_status(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """Model, device, load, and what is assigned to this community."""
    language = turn.language
    lines = [
        say(language, "**Daoshi {version}**", version=version()),
        say(language, "- Language model: {model}", model=model_name(services.settings)),
        *await _engine_lines(services, language),
        *await _assigned_lines(services, turn),
        *await _adapter_problems(services, language),
    ]
    yield Text("\n".join(lines))


async def show_jobs(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """The latest jobs of this community; for an operator those of everybody."""
    scope = None if has_role(turn.question.roles, Role.OPERATOR) else scope_of(turn)
    async with services.database.read() as session:
        latest = await jobs.list_jobs(session, scope=scope, limit=SHOWN_JOBS)
    if not latest:
        yield Text(say(turn.language, "There are no jobs yet."))
        return
    title = say(turn.language, "**The latest jobs**")
    yield Text("\n".join([title, *(_job_line(job, turn.language) for job in latest)]))


def scope_of(turn: Turn) -> str:
    """How jobs and assignments name this community."""
    return f"community:{turn.community.id}"


async def _engine_lines(services: Services, language: Language) -> list[str]:
    try:
        capabilities = await services.engine.capabilities()
        health = await services.engine.health()
    except EnginePaused as error:
        return [f"- {away(language, error.until, services.now())}"]
    except EngineError:
        return [say(language, "- The language model is not answering just now.")]
    return _engine_state(capabilities, health, language)


def _engine_state(capabilities: Capabilities, health: Health, language: Language) -> list[str]:
    lines = [
        say(
            language,
            "- Runs on {device}, reads {tokens} tokens at once",
            device=capabilities.device,
            tokens=capabilities.context_tokens,
        ),
        say(
            language,
            "- Now: {running} being answered, {queued} waiting",
            running=health.running,
            queued=health.queued,
        ),
    ]
    if health.resident_bytes:
        size = f"{health.resident_bytes / _BYTES_PER_GB:.1f}"
        lines.append(say(language, "- Memory in use: {size} GB", size=size))
    return lines


async def _assigned_lines(services: Services, turn: Turn) -> list[str]:
    scopes = (scope_of(turn), "global")
    async with services.database.read() as session:
        found = {kind: await assignments.resolve(session, kind, scopes) for kind in KINDS}
    return [
        say(turn.language, line, name=_name(found[kind], turn.language))
        for kind, line in KINDS.items()
    ]


async def _adapter_problems(services: Services, language: Language) -> list[str]:
    """Adapters that were assigned and do not answer, with what to do about them."""
    sentence = mark("- ⚠️ The adapter {name} could not be loaded; the model answers as it is.")
    lines = [say(language, sentence, name=name) for name in sorted(services.pins.loader.problems)]
    try:
        capabilities = await services.engine.capabilities()
    except EngineError:
        return lines
    async with services.database.read() as session:
        found = {one.artifact.name for one in await parked(session, capabilities) if one.artifact}
    remedy = retrain_sentence(language)
    return lines + [f"- ⚠️ {parked_sentence(name, language)} {remedy}" for name in sorted(found)]


def _name(assignment: Assignment | None, language: Language) -> str:
    if assignment is None or assignment.artifact is None:
        return say(language, "as delivered")
    return f"{assignment.artifact.name} ({assignment.artifact.id[-6:]})"


def _job_line(job: Job, language: Language) -> str:
    state = say(language, _STATES[JobState(job.state)])
    line = f"- {_minute(job.created_at)} · {job.kind} · {state}"
    share = job.progress.get("share")
    if job.state == JobState.RUNNING and isinstance(share, int | float):
        line += f" {share:.0%}"
    if job.state == JobState.FAILED and job.error:
        line += f" · {' '.join(job.error.split())[:_ERROR_CHARACTERS]}"
    return line


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
