"""The `/onboard …` commands and what their buttons do."""

from bot.commands.command import Command, Option
from bot.commands.courses.teaching import ActionHandler
from bot.commands.onboarding import building, giving, going
from bot.commands.options import MENTION
from tutor.i18n import mark

COMMANDS: tuple[Command, ...] = (
    Command(
        "onboard list",
        mark("Your checklists, and those of this community"),
        building.overview,
        aliases=("入职 清单", "入职清单", "onboard", "入职"),
    ),
    Command(
        "onboard create",
        mark("Make a checklist for people who are new here"),
        building.create,
        options=(Option("title", mark("What it is called"), required=False),),
        aliases=("入职 新建", "新建入职清单"),
    ),
    Command(
        "onboard start",
        mark("Begin a checklist, or give it to somebody new"),
        giving.start,
        options=(
            Option(
                "learner",
                mark("Who: a mention or a user id"),
                required=False,
                pattern=MENTION,
            ),
            Option("list", mark("Which checklist"), required=False),
        ),
        aliases=("入职 开始", "开始入职"),
    ),
    Command(
        "onboard progress",
        mark("How far everybody is with the checklists"),
        giving.progress,
        aliases=("入职 进度", "入职进度"),
    ),
)

ACTIONS: dict[str, ActionHandler] = {
    "onboard_save": building.save,
    "onboard_begin": giving.begin,
    "onboard_remind": giving.remind,
    "onboard_retire": building.retire,
    "onboard_mark": going.mark,
    "onboard_ask": going.ask,
}
