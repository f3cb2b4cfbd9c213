"""What the model reads, and what it never reads."""

from dataclasses import replace

from storage.communities import ChannelSettings
from tests.doubles.questions import question
from tests.doubles.turns import turn
from tutor.engine.contract import Message
from tutor.engine.profiles import EMBEDDED, UNKNOWN
from tutor.language import Language
from tutor.moves import Move, decide
from tutor.pedagogy.dialogue import Policy
from tutor.prompt import Exchange, conversation_messages, join_system, request_of, system_messages
from tutor.turn import Material, Turn


def system_text(asked: Turn) -> str:
    return "\n".join(m.content for m in system_messages(asked, Language.ENGLISH, ""))


def test_the_learner_is_known_where_they_are_alone() -> None:
    assert "Ann" in system_text(turn())


def test_nothing_about_the_learner_is_said_in_a_shared_place() -> None:
    asked = turn(question(community="guild", channel="general", thread="t1"))
    assert "Ann" not in system_text(asked)
    assert not any("learner" in m.cache_scope for m in system_messages(asked, asked.language, ""))


def test_segments_go_from_the_widest_to_the_narrowest_scope() -> None:
    channel = ChannelSettings("dm-ann", settings={"topic": "fractions"})
    scopes = [m.cache_scope for m in system_messages(turn(channel=channel), Language.ENGLISH, "x")]
    assert scopes == ["discord:", "discord::dm-ann", "learner:L1", "conversation:V1"]


def test_a_joined_system_message_has_the_narrowest_scope() -> None:
    joined = join_system(
        [Message("system", "a", "wide"), Message("system", "b", "narrow"), Message("user", "q")]
    )
    assert joined == (Message("system", "a\nb", "narrow"), Message("user", "q"))


def test_the_policy_in_force_decides_the_manner() -> None:
    guided, open_ = (system_text(turn(policy=policy)) for policy in (Policy.GUIDED, Policy.OPEN))
    assert "tutor" in guided
    assert "assistant" in open_


def test_the_files_stand_before_the_words() -> None:
    asked = turn(material=(Material("notes.txt", "Photosynthesis"),))
    assert request_of(asked).index("Photosynthesis") < request_of(asked).index("gravity")


def test_a_burst_is_one_request() -> None:
    burst = (question("hi"), question("why is the sky blue?"))
    assert request_of(replace(turn(burst[-1]), questions=burst)) == "hi\nwhy is the sky blue?"


def test_exchanges_keep_their_roles() -> None:
    messages = conversation_messages([Exchange("user", "q"), Exchange("assistant", "a")], "s")
    assert [(m.role, m.content, m.cache_scope) for m in messages] == [
        ("user", "q", "s"),
        ("assistant", "a", "s"),
    ]


def test_a_model_without_the_language_is_not_asked() -> None:
    chinese = turn(question("重力是什么？"), language=Language.CHINESE)
    assert decide(chinese, EMBEDDED) is Move.NAME_LIMIT
    assert decide(chinese, UNKNOWN) is Move.ANSWER
    english = turn(question("What is gravity?"), language=Language.CHINESE)
    assert decide(english, EMBEDDED) is Move.ANSWER
