"""What follows for a learner from the classes that they learn in: who is a minor, what may be kept.

A class whose record says that its learners are under 18 keeps nothing that they write until the
record is complete: who is responsible, and the legal basis, which is the school or a recorded
consent of each learner's parents. A class without a record is one of adults, or of nobody's
charge: the tutor asks nobody for their age. Several classes: the strictest counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from storage.class_records import ClassOfLearner, ClassRecord, classes_of
from storage.consents import has_consent
from storage.session import Session
from tutor.i18n import mark

TRAINING = "training"
"""The purpose under which somebody agrees that their chats may train models."""


class AgeBand(StrEnum):
    UNDER_13 = "under_13"
    TEENS = "13_17"
    ADULTS = "adults"


class Basis(StrEnum):
    SCHOOL = "school"
    PARENTS = "parental_consent"
    NONE = ""  # adults agree for themselves


CONTROLLER_MISSING = mark("who is responsible for the data (the controller)")
BASIS_MISSING = mark("the legal basis: the school, or the consent of parents")
CONTACT_MISSING = mark("a safeguarding contact")


@dataclass(frozen=True, slots=True)
class Protection:
    """`country` and `contact` are those of the class that protects, else empty."""

    minor: bool = False
    keeps_words: bool = True
    country: str = ""
    contact: Mapping[str, Any] = field(default_factory=dict)
    course_id: str | None = None


UNPROTECTED = Protection()


async def protection_of(session: Session, learner_id: str) -> Protection:
    """What holds for a learner now, in one statement."""
    return strictest(await classes_of(session, learner_id))


async def may_train_on(session: Session, learner_id: str, *, switched_on: bool) -> bool:
    """Whether a learner's chats may train models: the operator's switch, their own consent, and
    never those of a minor."""
    if not switched_on or (await protection_of(session, learner_id)).minor:
        return False
    return await has_consent(session, learner_id, TRAINING)


def strictest(classes: Sequence[ClassOfLearner]) -> Protection:
    """What several classes come to for one learner. Pure."""
    minor = any(is_for_minors(one.record) for one in classes)
    keeps = all(keeps_words(one) for one in classes)
    guarded = [one.record for one in classes if one.record.contact]
    located = [one.record for one in classes if one.record.country]
    return Protection(
        minor,
        keeps,
        located[0].country if located else "",
        guarded[0].contact if guarded else {},
        guarded[0].course_id if guarded else None,
    )


def is_for_minors(record: ClassRecord) -> bool:
    """Anything but adults, also a band that nobody knows."""
    return record.age_band != AgeBand.ADULTS


def keeps_words(one: ClassOfLearner) -> bool:
    """Whether this class allows that what the learner writes is kept."""
    record = one.record
    if not is_for_minors(record):
        return True
    if missing_from(record):
        return False
    return record.basis != Basis.PARENTS or one.parent_agreed


def missing_from(record: ClassRecord | None) -> tuple[str, ...]:
    """What a class of minors still lacks, as sentences of the catalogue; nothing for adults."""
    if record is None or not is_for_minors(record):
        return ()
    lacks = []
    if not record.controller.strip():
        lacks.append(CONTROLLER_MISSING)
    if record.basis not in (Basis.SCHOOL, Basis.PARENTS):
        lacks.append(BASIS_MISSING)
    if not record.contact:
        lacks.append(CONTACT_MISSING)
    return tuple(lacks)
