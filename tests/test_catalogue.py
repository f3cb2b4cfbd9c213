"""Everything Daoshi says exists in English and Chinese, with the same fields, and no more."""

import string
from functools import cache
from pathlib import Path

import click
import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bot.cli import cli
from bot.commands.listing import COMMANDS
from tutor.i18n import LOCALE_FOLDER, say, say_count
from tutor.language import Language

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("bot", "tutor", "training", "storage")
KEYWORDS = {"say": (2,), "mark": (1,), "say_count": (2, 3)}


@cache
def said() -> dict[str, tuple[str, ...]]:
    """The key of every message in the source, with its forms (one, or singular and plural)."""
    found: dict[str, tuple[str, ...]] = {}
    for room in ROOMS:
        for _, _, message, _, _ in extract_from_dir(
            str(ROOT / room), [("**.py", "python")], keywords=KEYWORDS
        ):
            forms = message if isinstance(message, tuple) else (message,)
            if forms[0]:
                found[forms[0]] = forms
    return found


@cache
def translated() -> dict[str, Message]:
    with (LOCALE_FOLDER / "zh_CN" / "LC_MESSAGES" / "daoshi.po").open("rb") as file:
        return {
            key_of(message): message for message in read_po(file, abort_invalid=True) if message.id
        }


def key_of(message: Message) -> str:
    return str(message.id if isinstance(message.id, str) else message.id[0])


def chinese_of(key: str) -> str:
    message = translated().get(key)
    text = message.string if message else ""
    return str(text if isinstance(text, str) else text[0])


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_source_says_something() -> None:
    assert len(said()) > 100


def test_every_sentence_has_a_chinese_translation() -> None:
    missing = [key for key in said() if not chinese_of(key)]
    assert not missing


def test_translations_have_the_fields_of_their_sentence() -> None:
    wrong = [
        key
        for key, forms in said().items()
        if chinese_of(key) and fields(chinese_of(key)) != set().union(*map(fields, forms))
    ]
    assert not wrong


def test_no_translation_is_stale_or_guessed() -> None:
    stale = [key for key in translated() if key not in said()]
    guessed = [key for key, message in translated().items() if message.fuzzy]
    assert not stale + guessed


def test_menus_of_every_command_are_translated() -> None:
    texts = {command.description for command in COMMANDS}
    texts |= {command.menu_title for command in COMMANDS if command.menu_title}
    texts |= {option.description for command in COMMANDS for option in command.options}
    assert texts <= set(said())


def help_texts(command: click.Command) -> set[str]:
    texts = {command.help or ""}
    texts |= {p.help for p in command.params if isinstance(p, click.Option) and p.help}
    if isinstance(command, click.Group):
        texts = texts.union(*(help_texts(child) for child in command.commands.values()))
    return texts - {"", "Show the version and exit."}


def test_help_of_the_command_line_is_translated() -> None:
    assert help_texts(cli) <= set(said())


@pytest.mark.parametrize("language", Language)
def test_every_sentence_can_be_said(language: Language) -> None:
    for key, forms in said().items():
        values = {name: "7" for form in forms for name in fields(form) if name != "count"}
        if len(forms) == 2:
            assert say_count(language, forms[0], forms[1], 3, **values)
        else:
            assert say(language, key, **values, **({"count": 3} if "{count}" in key else {}))
