"""The fixed values that options of commands can have. Labels are catalogue keys."""

from tutor.i18n import mark
from tutor.language import Language
from tutor.writing.kinds import FORMS

LINK_CODE = r"[A-Za-z0-9]{4}-[A-Za-z0-9]{6}"
CLOCK = r"\d{1,2}([:：.]\d{2})?\s?([AaPp][Mm])?"
HOURS = rf"{CLOCK}\s?[-–—~～]\s?{CLOCK}"
TIME_ZONE = r"[A-Z][A-Za-z]+/[A-Za-z_/+-]+|UTC([+-]\d{1,2})?"
MENTION = r"<@!?[A-Za-z0-9]+(\|[^>]*)?>"

LANGUAGES = tuple((language.value, language.native_name) for language in Language)
AUTOMATIC = ("auto", mark("Automatic"))
LEVELS = (
    ("simple", mark("Simple words")),
    ("normal", mark("Normal")),
    ("detailed", mark("In detail")),
)
REWRITE_KINDS = (
    ("clearer", mark("Clearer")),
    ("shorter", mark("Shorter")),
    ("friendlier", mark("Friendlier")),
    ("formal", mark("More formal")),
    ("corrected", mark("Only corrected")),
)
WRITING_KINDS = tuple((kind.value, form.name) for kind, form in FORMS.items())
FILE_FORMATS = (("markdown", "Markdown"), ("docx", "Word"))
