"""What somebody wants written, and whether a model is fit for it. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from tutor.engine.profiles import UNKNOWN, ModelProfile, Quality
from tutor.language import Language
from tutor.moves import speaks
from tutor.writing.kinds import FORMS, LONGEST_WORDS, Kind, Reach


class FileFormat(StrEnum):
    MARKDOWN = "markdown"
    DOCX = "docx"


@dataclass(frozen=True, slots=True)
class WriteRequest:
    """`words` is about how long it should be, in English words; `personal` uses the profile."""

    kind: Kind
    brief: str
    language: Language
    words: int
    personal: bool = False
    format: FileFormat = FileFormat.MARKDOWN


def write_request(
    kind: Kind,
    brief: str,
    language: Language,
    *,
    words: int | None = None,
    personal: bool = False,
    format: FileFormat = FileFormat.MARKDOWN,
) -> WriteRequest:
    """A request of the usual length, or of the length asked for within bounds."""
    length = min(max(words or FORMS[kind].words, 20), LONGEST_WORDS)
    return WriteRequest(kind, brief, language, length, personal, format)


def is_fit(profile: ModelProfile, request: WriteRequest) -> bool:
    """Whether the model can write this so that it helps somebody.

    The embedded model was tried with every kind: it writes fluent nonsense, so it writes nothing.
    A model that nobody described may try.
    """
    if not speaks(profile, request.language):
        return False
    described = profile.family != UNKNOWN.family
    if described and FORMS[request.kind].reach is Reach.EXACT and profile.quality < Quality.GOOD:
        return False
    return profile.writing
