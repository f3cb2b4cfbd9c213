"""What can go wrong between us and Slack, in sentences that the operator can act on."""

from slack_sdk.errors import SlackApiError

from bot.adapter import CredentialsRefused

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


class SlackTokenRefused(CredentialsRefused):
    """A token that Slack does not accept; trying again does not help."""

    def __init__(self, setting: str, error: str) -> None:
        super().__init__(
            f"Slack refuses {setting} ({error}). Copy it again from api.slack.com/apps → your "
            f"app → {_PAGES[setting]}, and reinstall the app if its permissions have changed."
        )
        self.setting = setting
        self.error = error


_PAGES = {
    "SLACK_BOT_TOKEN": "OAuth & Permissions → Bot User OAuth Token",
    "SLACK_APP_TOKEN": "Basic Information → App-Level Tokens (scope connections:write)",
    "the stored installation": "Manage Distribution, and install Daoshi in that workspace again",
}


class NotInstalled(Exception):
    """A workspace whose token we do not have."""


class NotYetKnown(Exception):
    """Something that must be known before an event can be claimed; Slack will send it again."""


def error_code(error: Exception) -> str:
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
