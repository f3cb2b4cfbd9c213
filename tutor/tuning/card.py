"""The progress card of a run, and what is said when it has ended: rows of the outbox.

One message edits itself; the report and a failure are messages of their own, since an edit calls
nobody. Draws nothing: a body names the figures, and whoever delivers it draws them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from storage import outbox
from storage.choices import ChoiceOption, create_choices
from storage.conversations import conversation_by_id
from storage.database import Session
from storage.tuning_runs import TuningRun
from tutor.bank.reason import Reason
from tutor.i18n import mark, say, say_count
from tutor.language import Language
from tutor.messages import Button, Choice, Style
from tutor.notices import CHOICES, notice_body
from tutor.tuning.generators.report import GeneratorReport
from tutor.tuning.generators.report_text import generator_report_text, grid_alt
from tutor.tuning.origin import Origin, origin_from
from tutor.tuning.product import Product, product_of, product_reported
from tutor.tuning.report import Report
from tutor.tuning.report_text import report_text
from tutor.tuning.stage import Stage

PICTURE_PAUSE = timedelta(seconds=30)
"""The least time between two pictures of a card."""

BUTTONS_VALID = timedelta(days=90)
BAR_PARTS = 12
ID_CHARACTERS = 6
PHASES = {
    Stage.QUEUED: mark("⏳ Waiting for its turn"),
    Stage.PREPARING: mark("⚙️ Preparing"),
    Stage.TRAINING: mark("🏋️ Training"),
    Stage.EVALUATING: mark("🔎 Comparing with the model as it was, on data held out"),
    Stage.AWAITING_APPROVAL: mark("✅ Trained, and passed its comparison: waits for a decision"),
    Stage.PROMOTED: mark("🚀 In use"),
    Stage.REJECTED: mark("🚫 Not in use"),
    Stage.FAILED: mark("❌ Failed"),
    Stage.CANCELLED: mark("⏹️ Stopped"),
}

STOP, STOP_AGAIN = mark("Stop the training"), mark("Stop the comparison")
FAILED = mark("The training “{name}” failed. {reason}")
FAILED_AGAIN = mark("“{name}” was not compared. {reason}")
PHASES_DRAWING = {**PHASES, Stage.EVALUATING: mark("🔎 Looking at what it draws")}
"""Of a run that makes a generator of pictures."""
PHASES_AGAIN = {
    **PHASES,
    Stage.AWAITING_APPROVAL: mark("✅ Passed its comparison and can be promoted"),
    Stage.REJECTED: mark("🚫 Did not pass its comparison"),
}
"""Of a run that only compares an adapter again: that decides nothing about where it answers."""


async def refresh(session: Session, run: TuningRun, *, now: datetime) -> None:
    """Lets the card of a run show how it stands, and says once how it ended.

    Nothing for a run that was started from the command line: that shows itself.
    """
    origin = origin_from(run.place)
    if origin is None:
        return
    key = card_key(run.id)
    before = await outbox.card_body(session, key) or {}
    body = notice_body(
        card_text(Language(run.language), run),
        await _stop_button(session, origin, run, before, now),
        charts=_charts(run, before, now),
        card=_card(run),
    )
    await outbox.put_card(
        session,
        key=key,
        platform=origin.place.platform,
        recipient=origin.recipient,
        place=origin.stored_place,
        body=body,
        now=now,
    )
    await _tell_end(session, origin, run, now)


def card_key(run_id: str) -> str:
    """Under which key the outbox keeps the card of a run."""
    return f"tune_card:{run_id}"


def short_id(run: TuningRun) -> str:
    """What tells two runs of one name apart."""
    return run.id[-ID_CHARACTERS:]


def card_text(language: Language, run: TuningRun) -> str:
    """The whole card as markdown."""
    lines = [_title(language, run), phase_text(language, run), *_figures(language, run)]
    return "\n".join(line for line in lines if line)


def phase_text(language: Language, run: TuningRun) -> str:
    """Where a run stands, in a line."""
    stage = Stage(run.stage)
    line = say(language, phases_of(run)[stage])
    if stage is Stage.TRAINING and run.progress.get("steps"):
        step, steps = int(run.progress.get("step", 0)), int(run.progress["steps"])
        figures = say(language, "step {step} of {steps}", step=step, steps=steps)
        line += f" · {figures} · {step / steps:.0%}"
    if stage is Stage.EVALUATING and run.progress.get("checks"):
        line += f" · {run.progress['checked'] / run.progress['checks']:.0%}"
    return line


def phases_of(run: TuningRun) -> Mapping[Stage, str]:
    """What the stages of a run are called, as marked sentences."""
    if product_of(run.recipe) is Product.GENERATOR:
        return PHASES_DRAWING
    return PHASES_AGAIN if run.evaluates_id else PHASES


def time_left(language: Language, seconds: float) -> str:
    """A span in the unit that fits."""
    if seconds < 90:
        return say_count(language, "{count} second", "{count} seconds", max(1, round(seconds)))
    if seconds < 5400:
        return say_count(language, "{count} minute", "{count} minutes", round(seconds / 60))
    return say_count(language, "{count} hour", "{count} hours", round(seconds / 3600))


def failure_text(language: Language, run: TuningRun) -> str:
    """Why a run failed, as a sentence; "" if it did not."""
    return _said(language, run.error)


def _title(language: Language, run: TuningRun) -> str:
    if run.evaluates_id:
        return say(
            language, "🔎 **Comparison of “{name}”** ({id})", name=run.name, id=short_id(run)
        )
    return say(language, "🧪 **Training “{name}”** ({id})", name=run.name, id=short_id(run))


def _card(run: TuningRun) -> dict[str, str]:
    language = Language(run.language)
    title, phase = _title(language, run), phase_text(language, run)
    return {"title": title, "phase": run.stage, "brief": f"{title}: {phase}"}


def _figures(language: Language, run: TuningRun) -> list[str]:
    """What is known besides the stage."""
    match Stage(run.stage):
        case Stage.QUEUED | Stage.PREPARING:
            return [_begins(language, run), _waiting(language, run)]
        case Stage.TRAINING:
            return [_bar(run.progress), pace_text(language, run.progress), _losses(language, run)]
        case Stage.EVALUATING:
            return [_waiting(language, run), _losses(language, run)]
        case Stage.FAILED:
            return [failure_text(language, run)]
        case _:
            return [_losses(language, run)]


def _waiting(language: Language, run: TuningRun) -> str:
    """For what it waits before it goes on."""
    return _said(language, run.progress.get("waiting"))


def _begins(language: Language, run: TuningRun) -> str:
    if run.not_before is None or run.not_before <= run.updated_at:
        return ""
    return say(language, "Begins at {time} UTC.", time=f"{run.not_before:%Y-%m-%d %H:%M}")


def _bar(progress: Mapping[str, Any]) -> str:
    steps = progress.get("steps")
    if not steps:
        return ""
    done = round(BAR_PARTS * min(1.0, int(progress.get("step", 0)) / int(steps)))
    return "▰" * done + "▱" * (BAR_PARTS - done)


def pace_text(language: Language, progress: Mapping[str, Any]) -> str:
    """Tokens or pictures a second and time left, as far as they are known."""
    parts = []
    if progress.get("pictures_per_second"):
        rate = f"{progress['pictures_per_second']:,.0f}"
        parts.append(say(language, "{rate} pictures a second", rate=rate))
    if progress.get("tokens_per_second"):
        rate = f"{progress['tokens_per_second']:,.0f}"
        parts.append(say(language, "{rate} tokens a second", rate=rate))
    if progress.get("seconds_left") is not None:
        left = time_left(language, progress["seconds_left"])
        parts.append(say(language, "about {time} left", time=left))
    return " · ".join(parts)


def _losses(language: Language, run: TuningRun) -> str:
    losses, held_out = _curves(run)
    if not losses:
        return ""
    first, last = f"{losses[0][1]:.2f}", f"{losses[-1][1]:.2f}"
    if not held_out:
        return say(language, "Loss {first} → {last}", first=first, last=last)
    return say(
        language,
        "Loss {first} → {last}, on held-out data {held_out}",
        first=first,
        last=last,
        held_out=f"{held_out[-1][1]:.2f}",
    )


def _said(language: Language, record: Mapping[str, Any] | None) -> str:
    """A marked sentence that was stored with its fields."""
    return Reason(record["message"], record.get("fields") or {}).said(language) if record else ""


def _curves(run: TuningRun) -> tuple[Sequence[Sequence[float]], Sequence[Sequence[float]]]:
    return run.progress.get("losses") or (), run.progress.get("held_out_losses") or ()


def _charts(run: TuningRun, before: Mapping[str, Any], now: datetime) -> list[Mapping[str, Any]]:
    """The loss curve, drawn anew from time to time and when a stage begins."""
    losses, held_out = _curves(run)
    if len(losses) < 2:
        return []
    shown = next(iter(before.get("charts") or ()), None)
    same_stage = (before.get("card") or {}).get("phase") == run.stage
    if shown and same_stage and now < datetime.fromisoformat(shown["at"]) + PICTURE_PAUSE:
        return [shown]
    data = {
        "losses": [list(point) for point in losses],
        "held_out": [list(point) for point in held_out],
        "steps": int(run.progress.get("steps") or 0),
    }
    if shown and shown["data"] == data:
        return [shown]
    return [{"kind": "loss", "language": run.language, "data": data, "at": now.isoformat()}]


async def _stop_button(
    session: Session, origin: Origin, run: TuningRun, before: Mapping[str, Any], now: datetime
) -> Sequence[Choice]:
    """The same button as long as the run goes on."""
    if not Stage(run.stage).active:
        return ()
    if before.get("choices"):
        return CHOICES.validate_python(before["choices"])
    language = Language(run.language)
    label = say(language, STOP_AGAIN if run.evaluates_id else STOP)
    button = Button("tune_stop", label, _about(origin, run), Style.DANGER, emoji="⏹️", once=True)
    return await _stored(session, origin, [button], now)


async def _tell_end(session: Session, origin: Origin, run: TuningRun, now: datetime) -> None:
    """A message for each end that somebody waits for."""
    language, stage = Language(run.language), Stage(run.stage)
    if stage is Stage.FAILED:
        failed = FAILED_AGAIN if run.evaluates_id else FAILED
        text = say(language, failed, name=run.name, reason=failure_text(language, run))
        await _tell(session, origin, f"tune_failed:{run.id}", notice_body(text), now)
    refused = stage is Stage.REJECTED and not (run.report or {}).get("passed")
    if run.report and run.adapter_id and (stage is Stage.AWAITING_APPROVAL or refused):
        key = f"tune_report:{run.id}"
        if await outbox.card_body(session, key) is None:
            buttons = report_buttons(origin.community_id, run, language)
            choices = await _stored(session, origin, buttons, now)
            await _tell(session, origin, key, report_body(run, language, choices), now)


def report_body(run: TuningRun, language: Language, choices: Sequence[Choice]) -> dict[str, Any]:
    """The report card of a run, in words and as a picture."""
    assert run.report is not None, run.id
    title = say(language, "**Report on “{name}”** ({id})", name=run.name, id=short_id(run))
    text = f"{title}\n\n{report_words(language, run.report)}"
    if product_reported(run.report) is Product.GENERATOR:
        return notice_body(text, choices, _grids(language, run.report))
    chart = {"kind": "report", "language": language.value, "data": dict(run.report), "at": ""}
    return notice_body(text, choices, charts=[chart])


def report_words(language: Language, report: Mapping[str, Any]) -> str:
    """A stored report as markdown, of whatever it is."""
    if product_reported(report) is Product.GENERATOR:
        return generator_report_text(language, GeneratorReport.from_json(report))
    return report_text(language, Report.from_json(report))


def _grids(language: Language, report: Mapping[str, Any]) -> list[dict[str, str]]:
    """The sheet that was stored with a report."""
    grid = report.get("grid")
    return [{"hash": grid["hash"], "name": "grid.png", "alt": grid_alt(language)}] if grid else []


def report_buttons(community_id: str, run: TuningRun, language: Language) -> list[Button]:
    """What can be decided on a report. Without a pass a reason has to be given."""
    about = {"community_id": community_id, "run_id": run.id, "artifact_id": run.adapter_id}
    compare = Button("adapter_compare", say(language, "Compare answers"), about)
    answers = product_of(run.recipe) is Product.ADAPTER
    others = [compare] if answers else []
    if not (run.report or {}).get("passed"):
        override = say(language, "Promote all the same…")
        return [*others, Button("adapter_override", override, about, Style.DANGER)]
    promote = Button("adapter_promote", say(language, "Promote"), about, Style.PRIMARY)
    if run.evaluates_id:
        return [promote, *others]
    return [promote, *others, Button("tune_reject", say(language, "Reject"), about, once=True)]


def _about(origin: Origin, run: TuningRun) -> dict[str, str]:
    return {"community_id": origin.community_id, "run_id": run.id}


async def _tell(
    session: Session, origin: Origin, key: str, body: Mapping[str, Any], now: datetime
) -> None:
    await outbox.add_notice(
        session,
        platform=origin.place.platform,
        recipient=origin.recipient,
        place=origin.stored_place,
        body=body,
        now=now,
        dedupe_key=key,
    )


async def _stored(
    session: Session, origin: Origin, buttons: Sequence[Button], now: datetime
) -> tuple[Choice, ...]:
    """Buttons for whoever has the right, which the press asks for; none where the conversation
    they belong to has been deleted."""
    if await conversation_by_id(session, origin.conversation_id) is None:
        return ()
    ids = await create_choices(
        session,
        learner_id=None,
        conversation_id=origin.conversation_id,
        turn_id=None,
        options=[ChoiceOption(b.action, b.label, b.payload, once=b.once) for b in buttons],
        expires_at=now + BUTTONS_VALID,
        now=now,
    )
    return tuple(
        Choice(id_, b.label, b.style, b.emoji) for id_, b in zip(ids, buttons, strict=True)
    )
