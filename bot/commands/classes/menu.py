"""The `/class …` commands and what their buttons do. All are for the teachers of a course."""

from bot.commands.classes import (
    assigning,
    gradebook,
    people,
    protecting,
    queue,
    report,
    rules,
)
from bot.commands.command import Command, Option, OptionKind
from bot.commands.courses.menu import COURSE
from bot.commands.courses.teaching import ActionHandler
from tutor.i18n import mark

_FROM = Option("from", mark("From when"), required=False)
_UNTIL = Option("until", mark("Until when"), required=False)
_GROUP = Option("group", mark("One group only"), required=False)
_WHO = Option("who", mark("A mention, a user id, or a role"), required=False)

COMMANDS: tuple[Command, ...] = (
    Command(
        "class report",
        mark("How the class is doing"),
        report.report,
        options=(_GROUP, COURSE),
        aliases=("班级 报告", "班级报告"),
    ),
    Command(
        "class stuck",
        mark("Who does not get on"),
        report.stuck,
        options=(COURSE,),
        aliases=("班级 困难", "谁卡住了"),
    ),
    Command(
        "class gradebook",
        mark("Everybody's results as a table"),
        gradebook.gradebook,
        options=(COURSE,),
        aliases=("班级 成绩册", "成绩册"),
    ),
    Command(
        "class assign",
        mark("Give a lesson or a skill as homework"),
        assigning.assign,
        options=(
            Option("what", mark("The lesson or skill"), required=False),
            _FROM,
            _UNTIL,
            _GROUP,
            Option("items", mark("How many questions"), OptionKind.INTEGER, required=False),
            COURSE,
        ),
        aliases=("班级 布置", "布置作业"),
    ),
    Command(
        "class policy",
        mark("How much help learners get, now or for a time"),
        rules.policy,
        options=(
            Option("policy", mark("How much help"), required=False, values=rules.POLICIES),
            _FROM,
            _UNTIL,
            COURSE,
        ),
        aliases=("班级 规则", "班级规则"),
    ),
    Command(
        "class queue",
        mark("Grades that learners contest"),
        queue.queue,
        options=(COURSE,),
        aliases=("班级 申诉", "申诉列表"),
    ),
    Command(
        "class join-code",
        mark("A code that lets people in"),
        people.join_code,
        options=(
            Option("role", mark("As what"), required=False, values=people.CODE_ROLES),
            Option("uses", mark("For how many people"), OptionKind.INTEGER, required=False),
            Option("days", mark("For how many days"), OptionKind.INTEGER, required=False),
            _GROUP,
            COURSE,
        ),
        aliases=("班级 邀请码", "邀请码"),
    ),
    Command(
        "class roles",
        mark("Make somebody a teacher or a learner"),
        people.roles,
        options=(
            Option("who", mark("A mention, a user id, or a role")),
            Option("role", mark("As what"), required=False, values=people.MEMBER_ROLES),
            COURSE,
        ),
        aliases=("班级 角色", "班级角色"),
    ),
    Command(
        "class group",
        mark("See the groups, or put somebody into one"),
        people.group,
        options=(_WHO, _GROUP, COURSE),
        aliases=("班级 分组", "分组"),
    ),
    Command(
        "class record",
        mark("Who answers for the class's data, its age, and whom to tell in danger"),
        protecting.record,
        options=(COURSE,),
        aliases=("班级 登记", "班级登记"),
    ),
    Command(
        "class consent",
        mark("Record whether a learner's parents agree"),
        protecting.consent,
        options=(
            _WHO,
            Option("agreed", mark("Whether they agree"), OptionKind.YES_NO, required=False),
            COURSE,
        ),
        aliases=("班级 家长同意", "家长同意"),
    ),
)

ACTIONS: dict[str, ActionHandler] = {
    "homework_cancel": assigning.cancel,
    "class_record": protecting.fill_in,
    "dispute_accept": queue.accept,
    "dispute_correct": queue.correct,
    "dispute_reject": queue.reject,
}
