"""What is taken for a typed command, and what stays a question for the tutor."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import COMMANDS
from bot.commands.parse import names, nearest_name, parse_command
from tutor.i18n import say
from tutor.language import Language
from tutor.messages import CommandCall


@pytest.mark.parametrize(
    ("text", "name", "arguments"),
    [
        ("/history", "history", {}),
        ("/history 5", "history", {"count": "5"}),
        ("  /History  5 ", "history", {"count": "5"}),
        ("/daoshi history 5", "history", {"count": "5"}),
        ("/daoshi", "help", {}),
        ("/data export", "data export", {}),
        ("/data   Delete", "data delete", {}),
        ("/帮助", "help", {}),
        ("／历史", "history", {}),
        ("/数据 导出", "data export", {}),
        ("/翻译你好", "translate", {"text": "你好"}),
        ("/导师 帮助", "help", {}),
        ('/ask "why so?"', "ask", {"question": "why so?"}),
        ("/ask don't “they” sink?", "ask", {"question": "don't “they” sink?"}),
        ("/translate en 你好 世界", "translate", {"language": "en", "text": "你好 世界"}),
        ("/translate hello  world", "translate", {"text": "hello  world"}),
        ("/summarise\nfirst\n\nsecond", "summarise", {"text": "first\n\nsecond"}),
        ("/summarize long text", "summarise", {"text": "long text"}),
        ("/settings 简体中文", "settings", {"language": "zh-CN"}),
        ("/settings zh-cn Ann Lee", "settings", {"language": "zh-CN", "name": "Ann Lee"}),
        ("/progress picture", "progress", {"picture": "yes"}),
        ("/进度 picture", "progress", {"picture": "yes"}),
        ("/class policy exam", "class policy", {"policy": "exam"}),
        ("/班级 规则 考试", "class policy", {"policy": "exam"}),
        ("/settings name=Ann Lee", "settings", {"name": "Ann Lee"}),
        ("/settings pictures=off simple", "settings", {"pictures": "no", "level": "simple"}),
        ('/pause "Ann Lee" too loud', "pause", {"learner": "Ann Lee", "reason": "too loud"}),
        ("/link abcd-123456", "link", {"code": "abcd-123456"}),
    ],
)
def test_slash_form_fills_the_options_in_order(
    text: str, name: str, arguments: dict[str, str]
) -> None:
    assert parse_command(text) == CommandCall(name, arguments)


@pytest.mark.parametrize(
    ("text", "name", "arguments"),
    [
        ("history", "history", {}),
        ("History 5", "history", {"count": "5"}),
        ("data export", "data export", {}),
        ("settings en", "settings", {"language": "en"}),
        ("link ABCD-123456", "link", {"code": "ABCD-123456"}),
        ("pause <@U123>", "pause", {"learner": "<@U123>"}),
        ("translate: good morning", "translate", {"text": "good morning"}),
        ("翻译：早上好", "translate", {"text": "早上好"}),
        ("report: the sum is wrong", "report", {"note": "the sum is wrong"}),
    ],
)
def test_bare_form_is_a_command_when_nothing_in_it_could_be_prose(
    text: str, name: str, arguments: dict[str, str]
) -> None:
    assert parse_command(text) == CommandCall(name, arguments)


@pytest.mark.parametrize(
    "text",
    [
        "history of Rome?",
        "history: Rome",
        "help me with fractions",
        "help: I am stuck",
        "about: photosynthesis",
        "explain photosynthesis",
        "explain",
        "translate hello",
        "ask",
        "link my accounts",
        "link everything",
        "pause the video",
        "pause <@U123> for a moment, I think he is asleep",
        "new to this, what is a limit?",
        "settings for a microscope",
        "stop words in search",
        "历史上的罗马是什么样的?",
        "翻译你好",
        "",
        "/",
        "/2",
        "/usr/bin/python is missing",
        "// a comment",
        "/* a comment */",
    ],
)
def test_prose_is_never_taken_for_a_command(text: str) -> None:
    assert parse_command(text) is None


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_bare_word_is_no_command_where_nobody_mentioned_daoshi(command: object) -> None:
    name = command.name  # type: ignore[attr-defined]
    assert parse_command(name, bare=False) is None
    assert parse_command("/" + name, bare=False) is not None


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_alias_means_its_command(command: object) -> None:
    for alias in command.aliases:  # type: ignore[attr-defined]
        call = parse_command("/" + alias)
        assert call is not None
        assert call.name == command.name  # type: ignore[attr-defined]


def test_unknown_name_after_a_slash_is_called_by_that_name() -> None:
    assert parse_command("/hlep") == CommandCall("hlep")
    assert parse_command("/data") == CommandCall("data")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("hlep", "help"), ("histroy", "history"), ("data", "data export"), ("zzzzz", None)],
)
def test_nearest_name_finds_what_was_mistyped(typed: str, meant: str | None) -> None:
    assert nearest_name(typed) == meant


def test_sentence_after_the_product_name_is_a_question() -> None:
    call = parse_command("/daoshi why is the sky blue?")
    assert call == CommandCall("ask", {"question": "why is the sky blue?"})
    assert parse_command("/daoshi 为什么天是蓝的") == CommandCall(
        "ask", {"question": "为什么天是蓝的"}
    )


def test_mistyped_verb_after_the_product_name_is_no_question() -> None:
    assert parse_command("/daoshi histroy") == CommandCall("histroy")
    assert parse_command("/daoshi setings en") == CommandCall("setings")


def test_unfitting_value_is_kept_so_that_the_person_is_told_what_fits() -> None:
    assert parse_command("/history many") == CommandCall("history", {"count": "many"})


def test_names_and_descriptions_fit_the_platforms() -> None:
    for command in COMMANDS:
        assert len(command.description) <= 100
        assert all(len(part) <= 32 for part in command.name.split())
        assert all(len(option.description) <= 100 for option in command.options)
    assert len({command.name for command in COMMANDS}) == len(COMMANDS)


def test_fixed_values_can_be_typed_by_their_label_in_either_language() -> None:
    for language in Language:
        label = say(language, "Automatic")
        call = parse_command(f'/settings "{label}"')
        assert call == CommandCall("settings", {"language": "auto"})


@given(st.text() | st.from_regex(r"[/／]?(daoshi )?(settings|translate|pause|翻译|data) ?.{0,40}"))
def test_whatever_is_typed_is_read_without_an_error(text: str) -> None:
    call = parse_command(text)
    if call is not None and call.name in names():
        options = {option.name for option in names()[call.name].options}
        assert call.arguments.keys() <= options
        assert parse_command(text, bare=False) in (call, None)
