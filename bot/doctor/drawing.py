"""What pictures and uploads need: formulas, fonts with Chinese, a generator, reading of files."""

from collections.abc import Callable
from importlib.util import find_spec

from bot.doctor.finding import Finding, Level
from tutor.i18n import mark, say
from tutor.language import Language

INSTALL_AGAIN = mark("Install again: pip install -c constraints.txt -e .")
TRAIN_ONE = mark("An administrator can train one: /gan train, or daoshi train gan.")


def abilities(language: Language) -> list[Finding]:
    """One finding each; a missing one means plain text where a picture would stand."""
    packaged: tuple[tuple[str, Callable[[], bool], str], ...] = (
        (mark("Formulas as pictures"), _draws_formulas, mark("Formulas are shown as text.")),
        (mark("Chinese in pictures"), _has_chinese_font, mark("No font with Chinese was found.")),
        (mark("Text in photos"), _reads_photos, mark("Photos can't be read.")),
        (mark("PDF files"), _reads_pdf, mark("PDF files can't be read.")),
        (mark("Signed pictures"), _signs, mark("Pictures carry their mark unsigned.")),
    )
    found = [
        _finding(area, works(), without, INSTALL_AGAIN, language)
        for area, works, without in packaged
    ]
    area, without = mark("Pictures on request"), mark("There is no picture generator.")
    return [*found, _finding(area, _draws_things(), without, TRAIN_ONE, language)]


def _finding(area: str, works: bool, without: str, remedy: str, language: Language) -> Finding:
    if works:
        return Finding(say(language, area), Level.OK, say(language, "works"))
    return Finding(say(language, area), Level.NOTE, say(language, without), say(language, remedy))


def _draws_formulas() -> bool:
    return all(find_spec(name) is not None for name in ("ziamath", "resvg_py"))


def _has_chinese_font() -> bool:
    from tutor.fonts import chinese_sans

    return chinese_sans() is not None


def _draws_things() -> bool:
    from tutor.images.atlas import shipped_atlas

    return shipped_atlas() is not None


def _signs() -> bool:
    return find_spec("c2pa") is not None


def _reads_photos() -> bool:
    return all(find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


def _reads_pdf() -> bool:
    return find_spec("pypdfium2") is not None
