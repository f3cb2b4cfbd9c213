"""Reminders in the settings: whether, at which hour, in which time zone, and when never."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time

from storage import learners
from storage.database import Session
from storage.learners import Learner
from tutor.i18n import mark, say
from tutor.language import Language
from tutor.learner.digest import set_digest, wants_digest
from tutor.learner.reminding import Reminders, TimeZoneUnknown, reminders_of, set_reminders
from tutor.messages import Button

NAMES = ("reminders", "at", "zone", "quiet")
"""The options of `/settings` that are about reminders."""

_SPAN = re.compile(r"(\d{1,2}[:：]\d{2})\s*(?:-|–|—|~|to|到|至)\s*(\d{1,2}[:：]\d{2})")
_CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})")
_ZONES = {"china": "Asia/Shanghai", "中国": "Asia/Shanghai", "北京": "Asia/Shanghai"}


class NotUnderstood(Exception):
    """A value that is no time, no span or no zone; its sentence says what to write instead."""

    def __init__(self, sentence: str, **fields: str) -> None:
        super().__init__(sentence)
        self.sentence, self.fields = sentence, fields

    def say(self, language: Language) -> str:
        return say(language, self.sentence, **self.fields)


async def store_reminders(
    session: Session, learner_id: str, changes: Mapping[str, str], now: datetime
) -> None:
    """Keeps what the options say, for reminders and for the weekly feedback. Raises
    NotUnderstood."""
    wanted = {name: value for name, value in changes.items() if name in NAMES and value}
    if not wanted:
        return
    learner = await _learner(session, learner_id)
    try:
        await set_reminders(session, learner, read_changes(reminders_of(learner), wanted), now)
    except TimeZoneUnknown as error:
        raise NotUnderstood(
            mark("I don't know the time zone “{zone}”. Write it like Europe/Berlin."),
            zone=str(error)[:40],
        ) from error
    learner = await _learner(session, learner_id)
    if wants_digest(learner):
        await set_digest(session, learner, True, now)


def read_changes(before: Reminders, wanted: Mapping[str, str]) -> Reminders:
    """The reminders with what was typed. Raises NotUnderstood."""
    after = before
    if "reminders" in wanted:
        after = replace(after, on=wanted["reminders"] == "yes")
    if "at" in wanted:
        after = replace(after, at=_clock(wanted["at"]))
    if "zone" in wanted:
        zone = wanted["zone"].strip()
        after = replace(after, zone=_ZONES.get(zone.casefold(), zone))
    if "quiet" in wanted:
        span = _SPAN.fullmatch(wanted["quiet"].strip())
        if span is None:
            raise NotUnderstood(mark("Write the quiet hours like 21:00-08:00."))
        begin, end = map(_clock, span.groups())
        after = replace(after, quiet_from=begin, quiet_until=end)
    return after


def describe_reminders(learner: Learner, language: Language) -> str:
    """How reminders stand, as a line of the settings."""
    wanted = reminders_of(learner)
    if not wanted.on:
        return say(language, "- Reminders: off (time zone {zone})", zone=wanted.zone)
    return say(
        language,
        "- Reminders: daily at {at} ({zone}) if something is due, never from {begin} to {end}",
        at=wanted.at,
        zone=wanted.zone,
        begin=wanted.quiet_from,
        end=wanted.quiet_until,
    )


def reminder_buttons(learner: Learner, language: Language) -> list[Button]:
    """On or off in one tap, and a form for the times."""
    switch = mark("Reminders off") if reminders_of(learner).on else mark("Reminders on")
    wanted = "no" if reminders_of(learner).on else "yes"
    times = reminders_of(learner)
    shown = {"at": times.at, "zone": times.zone, "quiet": f"{times.quiet_from}-{times.quiet_until}"}
    return [
        Button("set_reminders", say(language, switch), {"reminders": wanted}),
        Button("set_times", say(language, "Times and zone"), shown),
    ]


def _clock(text: str) -> str:
    found = _CLOCK.fullmatch(text.strip())
    if found is None or int(found.group(1)) > 23 or int(found.group(2)) > 59:
        raise NotUnderstood(mark("Write the time like 18:30."))
    return time(int(found.group(1)), int(found.group(2))).isoformat("minutes")


async def _learner(session: Session, learner_id: str) -> Learner:
    learner = await learners.learner_by_id(session, learner_id)
    assert learner is not None, learner_id
    return learner
