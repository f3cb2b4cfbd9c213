"""Single words and short phrases between English and Chinese, out of the dictionary."""

import asyncio
import re

from tutor.bank.dictionary import ATTRIBUTION, Entry, to_chinese, to_english
from tutor.i18n import say
from tutor.language import Language

LONGEST_CHINESE = 8
MOST_WORDS = 3
MOST_MEANINGS = 6
_CHINESE = re.compile(rf"[\u4e00-\u9fff]{{1,{LONGEST_CHINESE}}}")
_ENGLISH = re.compile(rf"[A-Za-z][A-Za-z'-]*(?: [A-Za-z'-]+){{0,{MOST_WORDS - 1}}}")


async def dictionary_answer(reader: Language, text: str, target: Language) -> str | None:
    """What the dictionary says about a word; None where it is no short phrase or not in there."""
    phrase = text.strip().strip('.。!！?？"“”')
    if target is Language.ENGLISH and _CHINESE.fullmatch(phrase):
        found = await asyncio.to_thread(to_english, phrase)
    elif target is Language.CHINESE and _ENGLISH.fullmatch(phrase):
        found = await asyncio.to_thread(to_chinese, phrase.lower())
    else:
        return None
    if not found:
        return None
    lines = [_line(one) for one in found]
    source = say(reader, "From the dictionary: {source}", source=ATTRIBUTION)
    return "\n".join(lines) + f"\n\n*{source}*"


def _line(entry: Entry) -> str:
    written = f"**{entry.word}**"
    if entry.traditional != entry.word:
        written += f" ({entry.traditional})"
    return f"- {written} {entry.pinyin} · {'; '.join(entry.meanings[:MOST_MEANINGS])}"
