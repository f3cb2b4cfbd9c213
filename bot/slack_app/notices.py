"""What Daoshi says on its own, delivered once: reminders, progress cards, reports, alerts."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from slack_sdk.errors import SlackApiError

from bot.adapter import Address, DeliveryImpossible, Ending, Notice
from bot.render.long_text import rendered
from bot.slack_app.clients import Workspace, Workspaces
from bot.slack_app.content import Payload, contents
from bot.slack_app.errors import UNREACHABLE, NotInstalled, error_code
from bot.slack_app.messages import thread_messages
from bot.slack_app.ownership import notice_message, notice_metadata
from bot.slack_app.posted import Posted, Target
from bot.slack_app.posting import Pace
from bot.slack_app.profiles import Profiles
from bot.slack_app.uploads import image_block, share
from tutor.language import choose

RECENT = 100
CARDS_REMEMBERED = 200


class Notices:
    """Sends or edits notices."""

    def __init__(self, workspaces: Workspaces, profiles: Profiles, pace: Pace) -> None:
        self._workspaces = workspaces
        self._profiles = profiles
        self._pace = pace
        self._pictured: dict[str, tuple[str, Payload | None]] = {}

    async def deliver(self, notice: Notice) -> Address:
        """Sends `notice` once. Raises DeliveryImpossible where it can never arrive."""
        try:
            return await self._deliver(notice)
        except NotInstalled as error:
            raise DeliveryImpossible(str(error)) from error
        except SlackApiError as error:
            if error_code(error) in UNREACHABLE:
                raise DeliveryImpossible(error_code(error)) from error
            raise

    async def _deliver(self, notice: Notice) -> Address:
        target = await self._target(notice)
        workspace = target.workspace
        user = (notice.recipient or "").rpartition("/")[2]
        language = choose(None, notice.draft.text, self._profiles.locale_of(workspace, user))
        draft = replace(notice.draft, ending=notice.draft.ending or Ending.DONE)
        pictures = await self._pictures(target.workspace, notice)
        wanted = await rendered(draft.text, contents, draft, language, pictures)
        saved: list[Address] = []

        async def save(address: Address) -> None:
            saved.append(address)

        async def find() -> list[str]:
            found = await self._find(target, notice)
            return [found] if found else []

        posted = Posted(target, self._pace, lambda _: notice_metadata(notice.id), find, save)
        if notice.edits:
            await posted.adopt(notice.edits.message_id)
        for ts in [] if notice.edits else await find():
            await posted.adopt(ts)
        known = bool(posted.sent)
        await posted.settle(wanted, final=False)
        if not known and notice.card is None:
            await share(target, draft)
        assert saved, notice.id
        return saved[-1] if len(posted.sent) == 1 else Address(target.channel, posted.sent[0])

    async def _pictures(self, workspace: Workspace, notice: Notice) -> dict[int, list[Payload]]:
        """A card's picture stands in the message itself and is uploaded once; others are shared."""
        if notice.card is None or not notice.draft.pictures:
            return {}
        picture = notice.draft.pictures[-1]
        digest = hashlib.sha256(picture.data).hexdigest()
        known = self._pictured.pop(notice.id, ("", None))
        block = known[1] if known[0] == digest else await image_block(workspace, picture)
        self._pictured[notice.id] = (digest, block)
        if len(self._pictured) > CARDS_REMEMBERED:
            del self._pictured[next(iter(self._pictured))]
        return {0: [block]} if block else {}

    async def _target(self, notice: Notice) -> Target:
        team, _, user = (notice.recipient or "").rpartition("/")
        if notice.edits:
            workspace = await self._workspace(notice, team, user)
            return Target(workspace, notice.edits.channel, "")
        workspace = await self._workspace(notice, team, user)
        if notice.place is not None:
            return Target(workspace, notice.place.channel, notice.place.thread or "")
        if not user:
            raise DeliveryImpossible("The notice names neither a person nor a place.")
        opened = await workspace.client.conversations_open(users=[user])
        return Target(workspace, str(opened["channel"]["id"]), "")

    async def _workspace(self, notice: Notice, team: str, user: str) -> Workspace:
        """Where the notice belongs; a person without a team is looked for where we are known."""
        community = notice.place.community if notice.place else ""
        if team or community:
            return await self._workspaces.of(team or community)
        candidates = await self._workspaces.all()
        for workspace in candidates:
            if len(candidates) == 1 or await self._knows(workspace, user):
                return workspace
        raise DeliveryImpossible("No workspace knows this person.")

    async def _knows(self, workspace: Workspace, user: str) -> bool:
        try:
            await workspace.client.users_info(user=user)
        except SlackApiError:
            return False
        return True

    async def _find(self, target: Target, notice: Notice) -> str | None:
        workspace = target.workspace
        messages: Sequence[dict[str, object]]
        if target.thread:
            messages = await thread_messages(workspace, target.channel, target.thread)
        else:
            answer = await workspace.client.conversations_history(
                channel=target.channel, limit=RECENT, include_all_metadata=True
            )
            messages = answer.get("messages") or []
        return notice_message(messages, notice.id, workspace)
