"""What is set for a community, in words: its kind, language, channels, policy and retention."""

from enum import StrEnum

from bot.settings import Settings
from storage.communities import ChannelSettings, Community
from tutor.i18n import mark, say, say_count
from tutor.language import Language

GUIDED, OPEN = "guided", "open"
POLICY_OF_KIND = {"class": GUIDED, "community": GUIDED, "work": OPEN}
RETENTION_DAYS = (30, 90, 365)
CHANNELS_SETTING = "channels"  # in a community's settings
MODERATORS_SETTING = "moderators_channel"  # in a community's settings: where reports are told
CHOSEN_SETTING = "chosen"  # in a channel's settings


class Where(StrEnum):
    """In which channels of a community the tutor answers."""

    EVERYWHERE = "everywhere"
    CHOSEN = "chosen"


KINDS = {
    "class": mark("A class"),
    "community": mark("A community"),
    "work": mark("Colleagues at work"),
}
POLICIES = {
    GUIDED: mark("Hints before answers"),
    OPEN: mark("Straight answers"),
}


def answers_here(community: Community, channel: ChannelSettings) -> bool:
    """Whether the tutor answers messages in this channel. Direct messages always are."""
    if not community.external_id:
        return True
    if community.settings.get(CHANNELS_SETTING) == Where.CHOSEN:
        return channel.enabled and bool(channel.settings.get(CHOSEN_SETTING))
    return channel.enabled


def policy_in_force(community: Community) -> str:
    """The policy that holds; whatever is not open is guided."""
    return OPEN if community.policy == OPEN else GUIDED


def describe(community: Community, settings: Settings, language: Language) -> str:
    """How a community is set up, as a short list."""
    kind = say(language, KINDS[community.kind]) if community.kind else "–"
    own = Language(community.language).native_name if community.language else None
    where = community.settings.get(CHANNELS_SETTING, Where.EVERYWHERE)
    chosen = say(language, "only where switched on")
    days = community.retention_days or settings.retention_days
    kept = say_count(language, "{count} day", "{count} days", days)
    return "\n".join(
        [
            say(language, "**How I'm set up here**"),
            say(language, "- This is: {value}", value=kind),
            say(
                language,
                "- Language: {value}",
                value=own or say(language, "that of each person"),
            ),
            say(
                language,
                "- Channels: {value}",
                value=chosen if where == Where.CHOSEN else say(language, "all"),
            ),
            say(
                language,
                "- How I answer: {value}",
                value=say(language, POLICIES[policy_in_force(community)]),
            ),
            say(language, "- Conversations are kept for: {value}", value=kept),
            say(language, "- Reports: {value}", value=say(language, _reports(community))),
        ]
    )


def _reports(community: Community) -> str:
    told = community.settings.get(MODERATORS_SETTING)
    return mark("told in a channel, and in the queue") if told else mark("only in the queue")
