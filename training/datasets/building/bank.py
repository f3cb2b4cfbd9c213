"""Examples out of the item bank: the dialogues of verified items. Nobody's chats are in them."""

from collections.abc import Callable, Iterator, Sequence
from random import Random

from storage import courses, items
from storage.courses import Course
from storage.database import Session
from training.datasets.building.dialogues import dialogues
from training.datasets.example import Example
from training.datasets.reading.found import DataRefused, Found, Row
from tutor.bank.item import Item
from tutor.bank.store import load_items
from tutor.i18n import mark

SOURCE = "bank"
SEED = 135
PAGE = 200
COMMUNITY = "community:"

MakeDialogues = Callable[..., list[Example]]


async def courses_in(
    session: Session, scope: str, course_ids: Sequence[str] | None
) -> list[Course]:
    """The courses of a scope, or those of them that are named. Raises DataRefused."""
    found: list[Course] = []
    while page := await _page(session, scope, found[-1].key if found else ""):
        found += page
    if course_ids is None:
        return found
    wanted = set(course_ids)
    chosen = [course for course in found if course.id in wanted]
    if len(chosen) < len(wanted):
        raise DataRefused(mark("One of the courses is not there any more, or is not yours to use."))
    return chosen


async def bank_items(session: Session, course_id: str) -> list[Item]:
    """All verified items of a course."""
    found: list[Item] = []
    after = ""
    while page := await items.items_of_course(session, course_id, after=after, limit=PAGE):
        stored = await load_items(session, [row.id for row in page])
        found += [one.item for one in stored]
        after = page[-1].id
    return found


def rows_of(found: Sequence[Item], make: MakeDialogues = dialogues) -> Iterator[Found]:
    """The dialogues of items; the same items give the same dialogues, whatever else there is."""
    for item in found:
        rng = Random(f"{SEED}:{item.key}:{item.stem}")  # noqa: S311 - no secret
        for number, example in enumerate(make(item, rng, source=SOURCE), start=1):
            place = f"{item.key}: {number}"
            yield Row(place, example, published=True, attribution=item.attribution)


async def _page(session: Session, scope: str, after: str) -> list[Course]:
    if scope.startswith(COMMUNITY):
        community_id = scope.removeprefix(COMMUNITY)
        return await courses.courses_of_community(session, community_id, after=after)
    return await courses.courses(session, after=after)
