"""Every command of Daoshi with its options: what menus, help and the parser are built from.

Says what each command is called and who answers it, never what it does.
"""

from bot.commands import (
    about,
    asking,
    conversation,
    data,
    help,
    history,
    learning,
    lesson,
    link,
    moderation,
    report,
    settings,
    setup,
    status,
    translating,
    unknown,
    writing,
)
from bot.commands.classes import menu as classes
from bot.commands.command import Command, Menu, Option, OptionKind
from bot.commands.courses import menu as courses
from bot.commands.onboarding import menu as onboarding
from bot.commands.options import (
    AUTOMATIC,
    CLOCK,
    FILE_FORMATS,
    HOURS,
    LANGUAGES,
    LEVELS,
    LINK_CODE,
    MENTION,
    REWRITE_KINDS,
    TIME_ZONE,
    WRITING_KINDS,
)
from bot.commands.pictures import menu as pictures
from bot.commands.progress import menu as progress
from bot.commands.tuning import menu as tuning
from tutor.i18n import mark
from tutor.messages import Role


def _text(description: str, *, name: str = "text", required: bool = True) -> Option:
    return Option(name, description, required=required)


_LEARNER = Option("learner", mark("Who: a mention or a user id"), pattern=MENTION)
_REASON = Option("reason", mark("Why"), required=False)

LEARNING: tuple[Command, ...] = (
    Command(
        "ask",
        mark("Ask a question"),
        asking.ask,
        options=(_text(mark("Your question"), name="question"),),
        private=False,
        aliases=("提问", "问"),
    ),
    Command(
        "learn",
        mark("Learn with the tutor: the next lesson, or one that you name"),
        learning.learn,
        options=(_text(mark("A course, lesson or skill"), name="what", required=False),),
        aliases=("学习",),
    ),
    Command(
        "quiz",
        mark("Answer a few questions and see your score"),
        learning.quiz,
        options=(
            _text(mark("A course, lesson or skill"), name="skill", required=False),
            Option("n", mark("How many questions"), OptionKind.INTEGER, required=False),
        ),
        aliases=("测验",),
    ),
    Command(
        "practice",
        mark("Practise as long as you like"),
        learning.practice,
        options=(_text(mark("A course, lesson or skill"), name="skill", required=False),),
        aliases=("练习", "practise"),
    ),
    Command(
        "review",
        mark("Go over what is due before you forget it"),
        learning.review,
        aliases=("复习",),
    ),
    Command(
        "hint",
        mark("A hint for the open question"),
        lesson.hint,
        aliases=("提示",),
    ),
    Command(
        "reveal",
        mark("The answer to the open question, where it may be shown"),
        lesson.reveal,
        aliases=("答案",),
    ),
    Command(
        "new",
        mark("Start a new conversation"),
        conversation.new,
        aliases=("新对话",),
    ),
    Command(
        "stop",
        mark("Stop the reply that is being written"),
        conversation.stop,
        aliases=("停止",),
    ),
    Command(
        "history",
        mark("Show your latest questions"),
        history.show_history,
        options=(Option("count", mark("How many"), OptionKind.INTEGER, required=False),),
        aliases=("历史",),
    ),
    Command(
        "settings",
        mark("Your language, name and how things are explained"),
        settings.show_settings,
        options=(
            Option("language", mark("Language"), required=False, values=(*LANGUAGES, AUTOMATIC)),
            Option("level", mark("How to explain"), required=False, values=LEVELS),
            Option("pictures", mark("Draw pictures"), OptionKind.YES_NO, required=False),
            Option("reminders", mark("Remind me of reviews"), OptionKind.YES_NO, required=False),
            Option("at", mark("When to remind you"), required=False, pattern=CLOCK),
            Option("zone", mark("Your time zone"), required=False, pattern=TIME_ZONE),
            Option("quiet", mark("When never to write to you"), required=False, pattern=HOURS),
            Option("name", mark("What to call you"), required=False),
        ),
        aliases=("设置",),
    ),
    Command(
        "help",
        mark("What you can do here"),
        help.show_help,
        aliases=("帮助",),
    ),
)

MESSAGES: tuple[Command, ...] = (
    Command(
        "explain",
        mark("Explain a text"),
        asking.explain,
        options=(_text(mark("The text to explain")),),
        menu=Menu.BOTH,
        menu_title=mark("Explain"),
        aliases=("解释",),
    ),
    Command(
        "translate",
        mark("Translate a text"),
        translating.translate,
        options=(
            Option("language", mark("Into which language"), required=False, values=LANGUAGES),
            _text(mark("The text to translate"), required=False),
            Option("file", mark("Or a file"), OptionKind.FILE, required=False),
        ),
        menu=Menu.BOTH,
        menu_title=mark("Translate"),
        aliases=("翻译",),
    ),
    Command(
        "write",
        mark("Have a text written: an article, a poem, an e-mail, a song…"),
        writing.write,
        options=(
            Option("kind", mark("What kind of text"), required=False, values=WRITING_KINDS),
            _text(mark("What it should be about"), name="brief"),
            Option("length", mark("About how many words"), OptionKind.INTEGER, required=False),
            Option("language", mark("In which language"), required=False, values=LANGUAGES),
            Option("personal", mark("Use my name and level"), OptionKind.YES_NO, required=False),
            Option("format", mark("As what kind of file"), required=False, values=FILE_FORMATS),
        ),
        aliases=("写作", "写"),
    ),
    Command(
        "rewrite",
        mark("Rewrite a text"),
        asking.rewrite,
        options=(
            Option("kind", mark("How to rewrite it"), required=False, values=REWRITE_KINDS),
            _text(mark("The text to rewrite")),
        ),
        menu=Menu.SLACK_ONLY,
        menu_title=mark("Rewrite"),
        aliases=("改写",),
    ),
    Command(
        "summarise",
        mark("Summarise a text or a thread"),
        asking.summarise,
        options=(_text(mark("The text to summarise")),),
        menu=Menu.SLACK_ONLY,
        menu_title=mark("Summarise thread"),
        aliases=("总结", "summarize"),
    ),
    Command(
        "report",
        mark("Report the latest reply as wrong or unsafe"),
        report.report,
        options=(_text(mark("What is wrong with it"), name="note", required=False),),
        aliases=("举报",),
    ),
)

PERSONAL: tuple[Command, ...] = (
    Command(
        "link",
        mark("Use one history on Discord and Slack"),
        link.link,
        options=(
            Option("code", mark("The code from the other side"), required=False, pattern=LINK_CODE),
        ),
        aliases=("关联",),
    ),
    Command(
        "data export",
        mark("Get a file with everything stored about you"),
        data.export_data,
        aliases=("数据 导出", "导出数据"),
    ),
    Command(
        "data delete",
        mark("Delete everything stored about you"),
        data.delete_data,
        aliases=("数据 删除", "删除数据"),
    ),
    Command(
        "data consent",
        mark("See and change what your data may be used for"),
        data.show_consent,
        aliases=("数据 同意", "数据同意"),
    ),
    Command(
        "about",
        mark("Model, version and licences"),
        about.about,
        aliases=("关于",),
    ),
)

STAFF: tuple[Command, ...] = (
    Command(
        "setup",
        mark("Set Daoshi up for this community"),
        setup.setup,
        role=Role.ADMIN,
        aliases=("初始设置",),
    ),
    Command(
        "queue",
        mark("Open reports about replies"),
        moderation.show_queue,
        role=Role.TEACHER,
        aliases=("举报列表",),
    ),
    Command(
        "pause",
        mark("Pause a learner until further notice"),
        moderation.pause,
        options=(_LEARNER, _REASON),
        role=Role.TEACHER,
        aliases=("暂停",),
    ),
    Command(
        "resume",
        mark("Let a paused learner go on"),
        moderation.resume,
        options=(_LEARNER,),
        role=Role.TEACHER,
        aliases=("恢复",),
    ),
    Command(
        "block",
        mark("Block a learner"),
        moderation.block,
        options=(_LEARNER, _REASON),
        role=Role.TEACHER,
        aliases=("屏蔽",),
    ),
    Command(
        "unblock",
        mark("Unblock a learner"),
        moderation.unblock,
        options=(_LEARNER,),
        role=Role.TEACHER,
        aliases=("解除屏蔽",),
    ),
    Command(
        "status",
        mark("Which model and adapters answer here, and how busy they are"),
        status.show_status,
        role=Role.ADMIN,
        aliases=("状态",),
    ),
    Command(
        "jobs",
        mark("The latest jobs and how far they are"),
        status.show_jobs,
        role=Role.ADMIN,
        aliases=("任务",),
    ),
)

COMMANDS: tuple[Command, ...] = (
    LEARNING
    + progress.COMMANDS
    + pictures.COMMANDS
    + MESSAGES
    + PERSONAL
    + courses.COMMANDS
    + classes.COMMANDS
    + onboarding.COMMANDS
    + STAFF
    + tuning.COMMANDS
)

UNKNOWN = Command("", mark("A command that does not exist"), unknown.unknown)
"""What answers a name that no command has."""


def command_named(name: str) -> Command:
    """The command with this name or alias; UNKNOWN where there is none."""
    wanted = " ".join(name.lower().split())
    return next((c for c in COMMANDS if wanted in (c.name, *c.aliases)), UNKNOWN)
