"""Examples from rated chats, only by the operator's switch and the consent of all who are in them.

A thumb makes a rated example; where somebody wrote a better answer, a preference. What nobody
agreed to is counted and not described.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from storage.corrections import (
    Correction,
    RatedReply,
    corrected_replies,
    corrections_of,
    rated_replies,
)
from storage.courses import course_by_id
from storage.database import Session
from storage.members import TEACHER, memberships
from training.datasets.building.bank import COMMUNITY
from training.datasets.building.consenting import Consenting
from training.datasets.building.talk import Talk, talk_before
from training.datasets.example import ChatMessage, Example, ExampleKind
from training.datasets.reading.found import DataRefused, Found, Rejected, Row
from tutor.bank.reason import Reason
from tutor.i18n import mark

SOURCE = "chats"
CORRECTED = "corrections"
LICENCE = "by the consent of those who wrote it"
NOT_AGREED = mark("Somebody whose words are in it has not agreed to training, or is a minor.")
SWITCHED_OFF = mark(
    "Training on chats is switched off. The operator can switch it on with "
    "DAOSHI_TRAIN_ON_CHATS=1; then only what people have agreed to is used."
)


@dataclass(frozen=True, slots=True)
class _Chats:
    session: Session
    consenting: Consenting
    scope: str

    def here(self, community_id: str) -> bool:
        in_community = self.scope.startswith(COMMUNITY)
        return not in_community or self.scope == f"{COMMUNITY}{community_id}"


async def chat_rows(session: Session, scope: str, *, switched_on: bool) -> list[Found]:
    """Rated replies of a scope. Raises DataRefused while the operator's switch is off."""
    if not switched_on:
        raise DataRefused(SWITCHED_OFF)
    chats = _Chats(session, Consenting(session, switched_on=True), scope)
    found: list[Found] = []
    after = ""
    while page := await rated_replies(session, after=after):
        after = page[-1].turn_id
        better = await corrections_of(session, sorted({rated.turn_id for rated in page}))
        for rated in page:
            if chats.here(rated.community_id):
                theirs = [one for one in better if one.turn_id == rated.turn_id]
                found.append(await _rated(chats, rated, theirs, len(found) + 1))
    return found


async def corrected_rows(session: Session, scope: str, *, switched_on: bool) -> list[Found]:
    """Better answers as if the tutor had given them; none while the switch is off."""
    if not switched_on:
        return []
    chats = _Chats(session, Consenting(session, switched_on=True), scope)
    found: list[Found] = []
    after = ""
    while page := await corrected_replies(session, after=after):
        after = page[-1][0].turn_id
        for correction, community_id, _ in page:
            if chats.here(community_id):
                found.append(await _corrected(chats, correction, community_id, len(found) + 1))
    return found


async def _rated(
    chats: _Chats, rated: RatedReply, better: Sequence[Correction], number: int
) -> Found:
    place = f"{SOURCE}: {number}"
    talk = await talk_before(chats.session, rated.turn_id, chats.consenting)
    if talk is None or not await chats.consenting.all_of(
        [rated.learner_id, rated.owner_id or rated.learner_id]
    ):
        return Rejected(place, Reason(NOT_AGREED))
    agreed = [one for one in better if await chats.consenting.all_of([one.learner_id])]
    people = talk.learners | {rated.learner_id}
    if not agreed:
        said = (*talk.messages, ChatMessage("assistant", talk.reply))
        example = _example(talk, ExampleKind.RATED, SOURCE, messages=said, desired=rated.rating > 0)
        return Row(place, example, frozenset(people))
    chosen = agreed[-1]
    example = _example(
        talk,
        ExampleKind.PREFERENCE,
        SOURCE,
        messages=talk.messages,
        chosen=chosen.text.strip(),
        rejected=talk.reply,
    )
    return Row(place, example, frozenset(people | {chosen.learner_id}))


async def _corrected(
    chats: _Chats, correction: Correction, community_id: str, number: int
) -> Found:
    place, writer = f"{CORRECTED}: {number}", correction.learner_id
    talk = await talk_before(chats.session, correction.turn_id, chats.consenting)
    agrees = await chats.consenting.all_of([writer])
    if talk is None or not (agrees or await _teaches(chats.session, writer, community_id)):
        return Rejected(place, Reason(NOT_AGREED))
    said = (*talk.messages, ChatMessage("assistant", correction.text.strip()))
    example = _example(talk, ExampleKind.DIALOGUE, CORRECTED, messages=said)
    return Row(place, example, talk.learners | ({writer} if agrees else set()))


async def _teaches(session: Session, learner_id: str, community_id: str) -> bool:
    """What a teacher writes for learners is teaching material, like an explanation in the bank;
    not what somebody writes in a community where they teach nothing."""
    for one in await memberships(session, learner_id):
        course = await course_by_id(session, one.course_id) if one.role == TEACHER else None
        if course is not None and course.community_id == community_id:
            return True
    return False


def _example(talk: Talk, kind: ExampleKind, source: str, **values: object) -> Example:
    return Example(kind=kind, group=talk.group, source=source, licence=LICENCE, **values)  # type: ignore[arg-type]
