"""The people of a scene notice what is lost, answered twice, or passed over without a word."""

import pytest

from benchmarks.stage.learners import DiscordLearner, SlackLearner
from benchmarks.stage.platforms import Platforms
from bot.dispatch import refusals
from tests.doubles.discord_server import DiscordServer
from tests.doubles.slack_server import SlackServer
from tutor.language import Language


@pytest.fixture
def platforms() -> Platforms:
    return Platforms(DiscordServer(), SlackServer())


def say(learner: DiscordLearner, text: str) -> None:
    world = learner.platforms.discord.world
    world.new_message(world.dm(learner.user), world.bot, text)


def test_one_whole_answer_leaves_nothing_to_complain_about(platforms: Platforms) -> None:
    learner = DiscordLearner("Dora", platforms)
    code = learner.next_code()
    say(learner, f"You asked {code}. And so on, end of {code}.")
    assert learner.is_served()
    assert learner.complaint() == ""


def test_an_answer_that_stops_in_the_middle_is_a_loss(platforms: Platforms) -> None:
    learner = DiscordLearner("Dora", platforms)
    code = learner.next_code()
    say(learner, f"You asked {code}. And so")
    assert "no answer and no word" in learner.complaint()


def test_a_word_about_the_trouble_is_enough(platforms: Platforms) -> None:
    learner = DiscordLearner("Dora", platforms)
    code = learner.next_code()
    say(learner, f"You asked {code}. And so\n\n{refusals.interrupted(Language.ENGLISH)}")
    assert learner.complaint() == ""
    assert learner.whole() == 0


def test_two_answers_are_one_too_many_wherever_they_are(platforms: Platforms) -> None:
    learner, other = DiscordLearner("Dora", platforms), DiscordLearner("Dan", platforms)
    code = learner.next_code()
    for place in (learner, other):
        say(place, f"You asked {code}. End, end of {code}.")
    assert "more than once" in learner.complaint()


def test_an_apology_beside_the_answer_is_noticed(platforms: Platforms) -> None:
    learner = DiscordLearner("Dora", platforms)
    code = learner.next_code()
    say(learner, f"You asked {code}. End, end of {code}.")
    say(learner, refusals.memory_away(Language.ENGLISH))
    assert "2 messages for 1 questions" in learner.complaint()


def test_in_slack_silence_is_noticed_too(platforms: Platforms) -> None:
    learner = SlackLearner("Sam", platforms)
    learner.next_code()
    assert "no answer and no word" in learner.complaint()
