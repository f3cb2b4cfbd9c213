"""A greeting, thanks, a goodbye, or the question who this is: whole messages that are nothing else.

Answered by code where the model is too small for small talk or has not the learner's language.
"""

import re
from collections.abc import AsyncGenerator
from enum import StrEnum

from storage.courses import courses_open_to
from storage.database import Database
from tutor.i18n import say
from tutor.messages import Provenance, ReplyPart, Text
from tutor.moves import Move
from tutor.pedagogy import gate
from tutor.pedagogy.nothing_open import to_begin
from tutor.turn import Turn


class Courtesy(StrEnum):
    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    WHO = "who"


_ADDRESSED = r"(?:[\s,，]*(?:daoshi|导师|老师|teacher|tutor|there|everyone|again|大家|您|你))?"
_END = r"[\s,，.!?~。！？～…]*(?:[\U0001F300-\U0001FAFF☺❤️👋🙏😊]\s*)*"
_WORDS = {
    Courtesy.GREETING: r"(?:hi+|hello+|hey+|hiya|howdy|greetings|good (?:morning|afternoon|evening)"
    r"|(?:导师|老师|大家)?[,，\s]*(?:你们?好|您好)[呀啊]?|(?:导师|老师|大家)好|哈喽|嗨|早上好|早安|上午好|下午好|晚上好|早)",
    Courtesy.THANKS: r"(?:(?:ok(?:ay)?|great|cool)?[,\s]*(?:thanks?(?: you| u)?|thx|ty|cheers)"
    r"(?: (?:a lot|so much|very much|a bunch|for (?:your|the) help))?"
    r"|(?:好的?)?[,，\s]*(?:非常|多|太)?(?:谢谢?|感谢)(?:[你您]了?|啦|了|帮助|你的帮助)?)",
    Courtesy.GOODBYE: r"(?:(?:good ?)?bye(?:[ -]?bye)?|see (?:you|ya)(?: later| soon| tomorrow)?"
    r"|cya|good ?night|再见|拜拜|晚安|回头见|明天见|下次见)",
    Courtesy.WHO: r"(?:who are (?:you|u)|what are you|what(?:'|’)?s your name|what is your name"
    r"|你是谁|您是谁|你叫什么(?:名字)?|你是什么|你是什么人)[呀啊]?",
}
_PATTERNS = {
    courtesy: re.compile(rf"\s*{words}{_ADDRESSED}{_END}", re.IGNORECASE)
    for courtesy, words in _WORDS.items()
}


def courtesy_in(text: str) -> Courtesy | None:
    """Which one a whole message is; None where it is or holds anything else."""
    for courtesy, pattern in _PATTERNS.items():
        if pattern.fullmatch(text):
            return courtesy
    return None


class Courtesies:
    """Answers them, and offers what there is to begin."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def reply(self, turn: Turn) -> AsyncGenerator[ReplyPart, None] | None:
        """The reply to such a message; None for whatever else is said."""
        courtesy = courtesy_in(turn.text)
        if courtesy is None or turn.material or gate.closed(turn):
            return None
        return self._say(turn, courtesy)

    async def _say(self, turn: Turn, courtesy: Courtesy) -> AsyncGenerator[ReplyPart, None]:
        yield Text(_sentence(turn, courtesy))
        if courtesy is not Courtesy.GOODBYE:
            async with self._database.read() as session:
                courses = await courses_open_to(session, turn.learner.id)
            yield to_begin(turn, courses)
        yield Provenance(Move.ANSWER.value)


def _sentence(turn: Turn, courtesy: Courtesy) -> str:
    language, name = turn.language, turn.learner.display_name
    match courtesy:
        case Courtesy.GREETING:
            return say(
                language,
                "Hello {name}, nice to see you! What shall we do? Begin with a button, or send me "
                "a problem that you are working on.",
                name=name,
            )
        case Courtesy.THANKS:
            return say(language, "You're welcome, {name}! Whenever you like, we go on.", name=name)
        case Courtesy.GOODBYE:
            return say(
                language, "Goodbye, {name}! What you learnt is kept; see you soon. 👋", name=name
            )
        case Courtesy.WHO:
            return say(
                language,
                "I'm Daoshi, a tutor. I'm a program, not a person. I explain, practise and "
                "review with you, and I guide you to answers with hints instead of just giving "
                "them. `/help` shows what I can do.",
            )
