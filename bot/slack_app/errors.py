"""What can go wrong between us and Slack, in sentences that the operator can act on."""

from slack_sdk.errors import SlackApiError

from bot.adapter import CredentialsRefused
from tutor.i18n import mark

REFUSED_TOKEN = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "not_allowed_token_type",
        "app_uninstalled",
    }
)
UNSUPPORTED = frozenset(
    {
        "unknown_method",
        "method_not_supported",
        "method_deprecated",
        "method_not_supported_for_channel_type",
        "channel_type_not_supported",
        "feature_not_enabled",
        "not_agent",
        "not_an_agent",
        "no_permission",
        "access_denied",
        "missing_scope",
        "not_allowed_token_type",
        "team_access_not_granted",
        "enterprise_is_restricted",
        "deprecated_endpoint",
    }
)
"""Answers of Slack that will not change within the hour: this workspace or app lacks the method."""

UNREACHABLE = frozenset(
    {
        "account_inactive",
        "cannot_dm_bot",
        "channel_not_found",
        "ekm_access_denied",
        "is_archived",
        "not_in_channel",
        "restricted_action",
        "user_disabled",
        "user_not_found",
        "user_not_in_channel",
        "user_not_visible",
        "users_not_found",
    }
)
"""Answers of Slack that mean that this person or place can't be written to."""


BOT_TOKEN, APP_TOKEN, INSTALLATION = "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "installation"
_REFUSALS = {
    BOT_TOKEN: mark(
        "Slack refuses SLACK_BOT_TOKEN. Copy it again from api.slack.com/apps → your app → "
        "OAuth & Permissions → Bot User OAuth Token, and reinstall the app if its permissions "
        "have changed."
    ),
    APP_TOKEN: mark(
        "Slack refuses SLACK_APP_TOKEN. Copy it again from api.slack.com/apps → your app → "
        "Basic Information → App-Level Tokens; it needs the scope connections:write."
    ),
    INSTALLATION: mark(
        "Slack refuses the token of a workspace. An admin there has to install Daoshi again at "
        "/slack/install."
    ),
}


class SlackTokenRefused(CredentialsRefused):
    """A token that Slack does not accept; trying again does not help. `error` is Slack's word."""

    def __init__(self, which: str, error: str) -> None:
        super().__init__(_REFUSALS[which])
        self.which = which
        self.error = error


class NotInstalled(Exception):
    """A workspace whose token we do not have."""


class NotYetKnown(Exception):
    """Something that must be known before an event can be claimed; Slack will send it again."""


def error_code(error: BaseException) -> str:
    """Slack's own word for what went wrong, `http_503` for a bare status, "" for anything else."""
    if not isinstance(error, SlackApiError):
        return ""
    response = error.response
    data = getattr(response, "data", response)
    if isinstance(data, dict) and data.get("error"):
        return str(data["error"])
    status = getattr(response, "status_code", 0)
    return f"http_{status}" if status else ""


def is_unsupported(error: Exception) -> bool:
    """Whether this workspace will keep refusing the method."""
    return error_code(error) in UNSUPPORTED | {"http_404", "http_405", "http_501"}
