"""Going through a checklist: what is to do, done and undone, and questions about what it cites."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from bot.commands.arguments import form_field
from bot.commands.offers import offer
from bot.services import Services
from storage import checklists, materials
from storage.checklists import Checklist, ChecklistProgress
from tutor.i18n import say
from tutor.knowledge.retrieval import Source
from tutor.messages import Button, ReplyPart, Style, Text
from tutor.onboarding.tasks import Task, citation, loaded
from tutor.turn import Turn

SHOWN_CHARACTERS = 40
NEARBY_PAGES = 1
MOST_PASSAGES = 8


async def show(
    services: Services, turn: Turn, checklist: Checklist, progress: ChecklistProgress
) -> AsyncIterator[ReplyPart]:
    """The tasks with their state, where to read about them, and a button for each."""
    tasks = loaded(checklist.tasks)
    done = sum(task.key in progress.done for task in tasks)
    head = say(
        turn.language,
        "**{title}** · {done} of {count} done",
        title=checklist.title,
        done=done,
        count=len(tasks),
    )
    lines = [_line(turn, number, task, progress) for number, task in enumerate(tasks, 1)]
    yield Text("\n".join([head, "", *lines]) + "\n")
    if done == len(tasks):
        yield Text("\n" + say(turn.language, "That was everything. Welcome aboard!"))
    buttons = [_mark_button(turn, checklist, task, progress) for task in tasks]
    buttons += [_ask_button(turn, checklist, task) for task in tasks if task.material_id]
    if buttons:
        yield await offer(services, turn, buttons)


async def mark(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """A task is done, or not done after all."""
    key, done, now = payload["key"], payload["done"], services.now()
    progress = None
    async with services.database.write() as session:
        checklist = await checklists.checklist_by_id(session, payload["checklist_id"])
        if checklist is not None:
            progress = await checklists.mark_task(
                session, checklist, turn.learner.id, key, done=done, now=now
            )
    if checklist is None or progress is None:
        yield Text(gone(turn))
        return
    async for part in show(services, turn, checklist, progress):
        yield part


async def ask(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """A question about a task goes to the tutor, with the pages that it cites."""
    async with services.database.read() as session:
        checklist = await checklists.checklist_by_id(session, payload["checklist_id"])
        theirs = await checklists.checklist_progress(
            session, payload["checklist_id"], turn.learner.id
        )
    tasks = {task.key: task for task in loaded(checklist.tasks)} if checklist else {}
    task = tasks.get(payload["key"])
    if theirs is None or task is None:
        yield Text(gone(turn))
        return
    sources = await _pages(services, task)
    if not sources:
        yield Text(say(turn.language, "The document is no longer there. Please ask your team."))
        return
    question = form_field(turn, "text") or task.text
    async for part in services.tutor.ask_about(turn, question, sources):
        yield part


def gone(turn: Turn) -> str:
    return say(turn.language, "That checklist is no longer there.")


def _line(turn: Turn, number: int, task: Task, progress: ChecklistProgress) -> str:
    box = "✅" if task.key in progress.done else "⬜"
    place = citation(task, turn.language)
    return f"{number}. {box} {task.text}" + (f" · 📄 {place}" if place else "")


def _mark_button(
    turn: Turn, checklist: Checklist, task: Task, progress: ChecklistProgress
) -> Button:
    done = task.key in progress.done
    shown = _short(task)
    if done:
        label = say(turn.language, "Undo: {task}", task=shown)
    else:
        label = say(turn.language, "Done: {task}", task=shown)
    payload = {"checklist_id": checklist.id, "key": task.key, "done": not done}
    style = Style.SECONDARY if done else Style.PRIMARY
    menu = say(turn.language, "Done, or not after all") if len(checklist.tasks) > 4 else ""
    return Button("onboard_mark", label, payload, style, menu=menu)


def _ask_button(turn: Turn, checklist: Checklist, task: Task) -> Button:
    label = say(turn.language, "Ask about: {task}", task=_short(task))
    payload = {"checklist_id": checklist.id, "key": task.key}
    return Button("onboard_ask", label, payload, emoji="💬")


def _short(task: Task) -> str:
    if len(task.text) <= SHOWN_CHARACTERS:
        return task.text
    return task.text[: SHOWN_CHARACTERS - 1] + "…"


async def _pages(services: Services, task: Task) -> tuple[Source, ...]:
    """The passages of the page that a task cites, and of those beside it."""
    if task.material_id is None:
        return ()
    async with services.database.read() as session:
        document = await materials.material(session, task.material_id)
        if document is None or document.removed_at is not None:
            return ()
        passages = await materials.passages_of(session, document.id)
    near = [one for one in passages if not task.page or abs(one.page - task.page) <= NEARBY_PAGES]
    near.sort(key=lambda one: abs(one.page - task.page) if task.page else 0)
    return tuple(
        Source(document.id, document.name, one.page, one.heading, one.text, 1.0)
        for one in near[:MOST_PASSAGES]
    )
