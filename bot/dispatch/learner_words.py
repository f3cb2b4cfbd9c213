"""What a person says in their own words, wherever they do: messages, commands, forms. Pure.

What teachers and admins write into their commands and forms is about others, a text to translate
may be anybody's, and what somebody reports is another's: that is left out.
"""

from storage.choices import ChoiceOption
from tutor.messages import Kind
from tutor.turn import Turn

OTHERS_WORDS = ("class", "course", "translate", "setup", "mod", "report", "item", "dispute", "data")
"""Commands and actions that begin so carry no words of a learner about themselves."""


def learner_words(turn: Turn, pressed: ChoiceOption | None) -> str:
    """The words, as paragraphs; "" where there are none."""
    question = turn.question
    match question.kind:
        case Kind.COMMAND if question.command:
            name, given = question.command.name, question.command.arguments.values()
        case Kind.FORM if question.press:
            name, given = pressed.action if pressed else "", question.press.fields.values()
        case Kind.MESSAGE | Kind.EDIT:
            return turn.text
        case _:
            return ""
    return "" if name.startswith(OTHERS_WORDS) else "\n".join(filter(None, given))
