"""A message that is written like a command (`/history`) becomes that command. Pure."""

from dataclasses import replace

from bot.commands.parse import parse_command
from bot.commands.run import command_visibility
from tutor.messages import Kind, Question

SLASHES = ("/", "／")  # the second is what a Chinese keyboard gives


def typed_command(question: Question) -> Question:
    """The command that a message with a slash names, else the question as it is."""
    if question.kind is not Kind.MESSAGE or not question.text.startswith(SLASHES):
        return question
    call = parse_command(question.text)
    if call is None:
        return question
    handle = {**question.handle, "typed": "yes"}
    command = replace(question, kind=Kind.COMMAND, command=call, handle=handle)
    return replace(command, visibility=command_visibility(command))
