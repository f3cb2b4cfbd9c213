"""The arguments of a command and the fields of a form, as handlers read them. Pure."""

from tutor.turn import Turn


def argument(turn: Turn, name: str) -> str:
    """What was given for an option, "" where nothing was."""
    call = turn.question.command
    return call.arguments.get(name, "").strip() if call else ""


def form_field(turn: Turn, name: str) -> str:
    """What was entered into a field of the submitted form, "" where no form was."""
    press = turn.question.press
    return press.fields.get(name, "").strip() if press else ""
