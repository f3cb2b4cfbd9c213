"""Who may do what with the checklists of a community."""

from bot.commands.permissions import has_role
from bot.commands.wording import typed
from bot.services import Services
from storage import checklists
from storage.checklists import Checklist
from tutor.i18n import mark, say
from tutor.messages import Role
from tutor.turn import Turn

NOT_ADMIN = mark("Only the people who look after this community may do that.")


async def of_here(services: Services, turn: Turn, checklist_id: str) -> Checklist | None:
    """A checklist of this community."""
    async with services.database.read() as session:
        found = await checklists.checklist_by_id(session, checklist_id)
    return found if found and found.community_id == turn.community.id else None


def nothing(turn: Turn) -> str:
    return say(
        turn.language,
        "There is no checklist yet. Whoever looks after this community makes one with {create}.",
        create=typed(turn.question.place.platform, "onboard create"),
    )


def is_admin(turn: Turn) -> bool:
    return has_role(turn.question.roles, Role.ADMIN)
