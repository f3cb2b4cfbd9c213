"""`/feedback`, `/progress` and `/goals` with what their buttons do."""

from bot.commands.command import Command, Option, OptionKind
from bot.commands.courses.teaching import ActionHandler
from bot.commands.progress import feedback, goals, overview
from bot.commands.progress.buttons import GOAL_ADD, GOAL_DROP, GOAL_SET
from tutor.i18n import mark

COMMANDS: tuple[Command, ...] = (
    Command(
        "feedback",
        mark("How your last seven days went, and what to do next"),
        feedback.show_feedback,
        options=(Option("weekly", mark("Tell me every week"), OptionKind.YES_NO, required=False),),
        aliases=("反馈",),
    ),
    Command(
        "progress",
        mark("What you have learnt so far, in words or pictures"),
        overview.show_progress,
        options=(Option("picture", mark("Draw pictures"), OptionKind.YES_NO, required=False),),
        aliases=("进度",),
    ),
    Command(
        "goals",
        mark("What you want to reach: set …, drop …"),
        goals.show_goals,
        options=(
            Option("change", mark("set and a skill or a number a week, or drop"), required=False),
        ),
        aliases=("目标",),
    ),
)

ACTIONS: dict[str, ActionHandler] = {
    "feedback_weekly": feedback.change_weekly,
    GOAL_ADD: goals.add_goal,
    GOAL_SET: goals.set_skill_goal,
    GOAL_DROP: goals.drop_goal,
}
