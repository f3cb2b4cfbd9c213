"""Forms as modals, opened while the press's trigger is fresh (3 s)."""

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import InputBlock, Option, PlainTextObject
from slack_sdk.models.blocks.block_elements import PlainTextInputElement, StaticSelectElement
from slack_sdk.models.views import View

from bot.slack_app.clients import Workspace
from bot.slack_app.errors import error_code
from bot.slack_app.payloads import Incoming, form_origin
from bot.slack_app.private import tell
from bot.slack_app.profiles import Profiles
from tutor.i18n import say
from tutor.language import choose
from tutor.messages import Form, FormField

TITLE_CHARACTERS = 24
OPTION_CHARACTERS = 75
MOST_OPTIONS = 100
INPUT_CHARACTERS = 3000
log = structlog.get_logger()


class Modals:
    """Opens the form of a choice; its submission comes back by itself."""

    def __init__(self, profiles: Profiles) -> None:
        self._profiles = profiles

    async def open(self, form: Form, incoming: Incoming, workspace: Workspace) -> None:
        """Shows `form` to the one who pressed, or says kindly that it came too late."""
        language = choose(None, "", self._profiles.locale_of(workspace, incoming.user))
        try:
            await workspace.once.views_open(
                trigger_id=incoming.trigger_id,
                view=view_of(form, form_origin(incoming), cancel=say(language, "Cancel")),
            )
        except SlackApiError as error:
            log.warning("slack_form_not_opened", error=error_code(error))
            sorry = say(language, "That took too long to open. Please press the button once more.")
            await tell(workspace, incoming.channel, incoming.user, sorry, incoming.thread_ts)


def view_of(form: Form, origin: str, *, cancel: str) -> View:
    """The modal of a form; `origin` comes back with its submission."""
    return View(
        type="modal",
        title=_plain(form.title, TITLE_CHARACTERS),
        submit=_plain(form.submit, TITLE_CHARACTERS),
        close=_plain(cancel, TITLE_CHARACTERS),
        private_metadata=origin,
        blocks=[_input(field) for field in form.fields],
    )


def _input(field: FormField) -> InputBlock:
    element = _select(field) if field.options else _text(field)
    return InputBlock(
        block_id=field.name,
        label=_plain(field.label, 2000),
        element=element,
        optional=not field.required,
    )


def _text(field: FormField) -> PlainTextInputElement:
    most = min(field.max_length, INPUT_CHARACTERS)
    return PlainTextInputElement(
        action_id="value",
        initial_value=field.value[:most] or None,
        multiline=field.multiline,
        max_length=most,
    )


def _select(field: FormField) -> StaticSelectElement:
    options = [
        Option(value=value, text=_plain(label, OPTION_CHARACTERS))
        for value, label in field.options[:MOST_OPTIONS]
    ]
    chosen = next((option for option in options if option.value == field.value), None)
    return StaticSelectElement(action_id="value", options=options, initial_option=chosen)


def _plain(text: str, most: int) -> PlainTextObject:
    return PlainTextObject(text=text if len(text) <= most else text[: most - 1] + "…")
