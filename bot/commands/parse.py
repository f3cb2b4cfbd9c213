"""Typed commands: `/history 5`, `/daoshi data export`, `@Daoshi history`, `/帮助`.

Takes the text of a message whose mention the adapter has already removed. Knows no platform and
runs nothing. A line without a slash is a command only if nothing in it could be prose:

- the verb alone, for a command that needs nothing more (`history`);
- the verb and values that are no prose: fixed values, numbers, codes, mentions (`settings en`);
- the verb and a colon, for a command that takes a text (`translate: good morning`).

So `history of Rome?` and `explain photosynthesis` stay questions for the tutor.
"""

import re
from difflib import get_close_matches

from bot.commands.command import Command, Option, OptionKind
from bot.commands.listing import COMMANDS
from tutor.i18n import say
from tutor.language import Language
from tutor.messages import CommandCall

PRODUCT = ("daoshi", "导师")
_SLASHES = "/／"
_WORD = re.compile(r'"[^"]*"|“[^”]*”|「[^」]*」|\S+')
_VERB = re.compile(r"[^\W\d][\w-]*")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_YES = {"yes", "on", "true", "1", "是", "开"}
_NO = {"no", "off", "false", "0", "否", "关"}


def parse_command(text: str, *, bare: bool = True) -> CommandCall | None:
    """The command that `text` gives, None if it is something to be answered by the tutor.

    A name that no command has, after a slash, becomes a call of that name. `bare` False takes only
    forms with a slash: right where nobody mentioned Daoshi to begin with (a direct message), since
    there a single word is more likely an answer than a command.
    """
    line = text.strip()
    if line[:1] and line[0] in _SLASHES:
        return _parse_slash(line[1:])
    return _parse_bare(line) if bare else None


def names() -> dict[str, Command]:
    """Every name and alias that can be typed."""
    return {name: command for command in COMMANDS for name in (command.name, *command.aliases)}


def nearest_name(name: str, cutoff: float = 0.6) -> str | None:
    """The name or alias that somebody who typed `name` most likely meant."""
    known = names()
    groups = {other.split()[0]: other for other in reversed(known) if " " in other}
    found = get_close_matches(name.lower(), [*known, *groups], n=1, cutoff=cutoff)
    return groups.get(found[0], found[0]) if found else None


def _parse_slash(line: str) -> CommandCall | None:
    verb, rest = _split_word(line)
    if verb.lower() in PRODUCT:
        return _parse_product(rest)
    if not _VERB.fullmatch(verb):
        return None
    found = _leading_command(line)
    if found is None:
        return CommandCall(verb.lower())
    command, rest, _ = found
    return CommandCall(command.name, _fill(command, rest))


def _parse_product(line: str) -> CommandCall:
    """`/daoshi …`: alone it asks for help, and a sentence without a verb is a question."""
    if not line:
        return CommandCall("help")
    call = _parse_slash(line.lstrip(_SLASHES))
    if call and call.name in names():
        return call
    verb, rest = _split_word(line)
    if not rest and call and not _HAN.search(verb):
        return call
    if call and nearest_name(verb, cutoff=0.75):
        return call
    return CommandCall("ask", {"question": line})


def _parse_bare(line: str) -> CommandCall | None:
    found = _leading_command(line)
    if found is None:
        return None
    command, rest, marked = found
    arguments = _fill(command, rest)
    missing = any(o.required and o.name not in arguments for o in command.options)
    set_apart = marked and _takes_text(command)
    if missing or not (set_apart or _is_no_prose(command, rest)):
        return None
    return CommandCall(command.name, arguments)


def _leading_command(line: str) -> tuple[Command, str, bool] | None:
    """The command that `line` begins with, what follows, and whether a colon set it apart."""
    lowered = line.lower()
    for name, command in sorted(names().items(), key=lambda item: -len(item[0])):
        pattern = r"\s+".join(re.escape(part) for part in name.split())
        # Chinese is written without spaces, so there a text may follow the name at once.
        end = "" if _HAN.search(name) and _takes_text(command) else r"(?=\s|$)"
        match = re.match(rf"{pattern}(?:\s*([:：])|{end})", lowered)
        if match:
            return command, line[match.end() :].strip(), match.group(1) is not None
    return None


def _takes_text(command: Command) -> bool:
    return any(_is_free(option) for option in command.options)


def _is_free(option: Option) -> bool:
    return option.kind is OptionKind.TEXT and not option.values and not option.pattern


def _fill(command: Command, rest: str) -> dict[str, str]:
    """Values for the options of `command`, in order; `name=value` sets one out of order."""
    arguments: dict[str, str] = {}
    pending = [option for option in command.options if option.kind is not OptionKind.FILE]
    while rest and pending:
        word, after = _split_word(rest)
        named = _named(word, pending)
        if named:
            option, value = named
            if _is_last_text(option, pending):
                value = f"{value} {after}".strip()
                after = ""
        else:
            option, value, after = _next_value(pending, word, rest, after)
        arguments[option.name] = value
        pending = [o for o in pending if o is not option] if named else _behind(pending, option)
        rest = after
    return arguments


def _named(word: str, pending: list[Option]) -> tuple[Option, str] | None:
    name, sign, value = word.partition("=")
    option = next((o for o in pending if o.name == name.lower()), None)
    return (option, accept(option, value) or _unquoted(value)) if sign and option else None


def _next_value(pending: list[Option], word: str, rest: str, after: str) -> tuple[Option, str, str]:
    """The first option that can take `word`, its value, and what is left of the line.

    Where none can, the first takes it all the same, so that the person is told what it accepts.
    """
    for option in pending:
        if _is_last_text(option, pending):
            return option, _unquoted(rest), ""
        value = accept(option, _unquoted(word))
        if value is not None and _has_form(option, value):
            return option, value, after
        if option.required:
            break
    return pending[0], _unquoted(word), after


def _has_form(option: Option, value: str) -> bool:
    """Whether a value looks like what an option takes; a required one takes what there is."""
    return option.required or not option.pattern or bool(re.fullmatch(option.pattern, value))


def _behind(pending: list[Option], option: Option) -> list[Option]:
    return pending[pending.index(option) + 1 :]


def _is_last_text(option: Option, pending: list[Option]) -> bool:
    return _is_free(option) and not any(_is_free(o) for o in _behind(pending, option))


def accept(option: Option, typed: str) -> str | None:
    """The value that `typed` stands for (a value, its label, a number, yes or no), else None."""
    word = typed.strip().lower()
    if option.kind is OptionKind.YES_NO:
        named = {option.name, *(say(one, option.description).lower() for one in Language)}
        return "yes" if word in _YES | named else "no" if word in _NO else None
    if option.kind is OptionKind.INTEGER:
        return word if re.fullmatch(r"\d{1,9}", word) else None
    if option.values:
        return _value_of(word, option)
    return typed.strip() or None


def _value_of(word: str, option: Option) -> str | None:
    """A fixed value by its name, or by its label in any language, whole or up to its colon."""
    for value, label in option.values:
        labels = {say(language, label).lower() for language in Language}
        if word in {value.lower(), *labels, *(re.split("[:：]", one)[0] for one in labels)}:
            return value
    return None


def _is_no_prose(command: Command, rest: str) -> bool:
    """Whether every word of `rest` is the value of an option in a form that prose does not have."""
    pending = list(command.options)
    while rest:
        word, rest = _split_word(rest)
        option = next((o for o in pending if _is_strict(o, word)), None)
        if option is None:
            return False
        pending = _behind(pending, option)
    return True


def _is_strict(option: Option, word: str) -> bool:
    if option.pattern:
        return re.fullmatch(option.pattern, word) is not None
    if option.kind is OptionKind.FILE:
        return False
    return not _is_free(option) and accept(option, word) is not None


def _split_word(line: str) -> tuple[str, str]:
    """The first word (or quotation) of a line, and the rest as it was written."""
    match = _WORD.match(line.strip())
    if match is None:
        return "", ""
    return match.group(), line.strip()[match.end() :].strip()


def _unquoted(text: str) -> str:
    quoted = _WORD.fullmatch(text)
    if quoted and len(text) > 1 and text[0] + text[-1] in ('""', "“”", "「」"):
        return text[1:-1].strip()
    return text
