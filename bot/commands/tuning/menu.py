"""The `/tune …`, `/adapter …` and `/gan …` commands and what their buttons do.

For those who look after a community; what is for everybody is the operators' alone.
"""

from collections.abc import AsyncIterator, Callable
from functools import wraps
from typing import TYPE_CHECKING

from bot.commands.command import Command, Handler, Option, OptionKind
from bot.commands.options import MENTION
from bot.commands.tuning import (
    adapters,
    comparing,
    datasets,
    evaluate,
    following,
    moving,
    placing,
    starting,
    trialling,
    uploading,
)
from bot.commands.tuning.rights import ActionHandler, given_here, pressed_with_right
from tutor.i18n import mark
from tutor.messages import ReplyPart, Role
from tutor.tuning.product import Product

if TYPE_CHECKING:
    from bot.services import Services
    from tutor.turn import Turn

_FILE = Option("file", mark("The file"), OptionKind.FILE)
_LICENCE = Option("licence", mark("Under which licence it may be used"), required=False)
_NAME = Option("name", mark("What it is called"), required=False)
_RUN = Option("name", mark("Which training"), required=False)
_ADAPTER = Option("adapter", mark("Which adapter: its name"))
_WHERE = Option("where", mark("Where it answers"), required=False, values=placing.PLACES)
_LEARNER = Option("learner", mark("Who: a mention or a user id"), required=False, pattern=MENTION)
BY_NAME_ALONE = r"(?!)"  # in writing only as data=NAME: what stands there is the adapter
_TRAINING = (
    Option("method", mark("How it learns"), required=False, values=starting.METHODS),
    Option("effort", mark("How long it may take"), required=False, values=starting.EFFORTS),
    Option("variant", mark("Which kind of LoRA"), required=False, values=starting.VARIANTS),
    Option("data", mark("Which data set; the newest if left out"), required=False),
)


def _command(
    name: str,
    description: str,
    handler: Handler,
    *options: Option,
    aliases: tuple[str, ...],
) -> Command:
    """One for those who look after the community where it is given."""
    handler = given_here(handler)
    return Command(name, description, handler, options, role=Role.ADMIN, aliases=aliases)


def _of_generators(handle: Callable[..., AsyncIterator[ReplyPart]]) -> Handler:
    """The same command about generators of pictures."""

    @wraps(handle)
    async def run(services: "Services", turn: "Turn") -> AsyncIterator[ReplyPart]:
        async for part in handle(services, turn, Product.GENERATOR):
            yield part

    return run


TUNE: tuple[Command, ...] = (
    _command(
        "tune data upload",
        mark("Make a data set of a file: JSON lines or CSV"),
        datasets.upload,
        _FILE,
        _NAME,
        _LICENCE,
        aliases=("微调 数据 上传", "上传训练数据"),
    ),
    _command(
        "tune data build",
        mark("Make a data set of what is here: questions, answers, rated chats"),
        datasets.build,
        Option("source", mark("Of what"), required=False, values=datasets.SOURCES),
        _NAME,
        aliases=("微调 数据 生成", "生成训练数据"),
    ),
    _command(
        "tune data list",
        mark("The data sets and how large they are"),
        datasets.show_list,
        aliases=("微调 数据 列表", "训练数据"),
    ),
    _command(
        "tune data check",
        mark("What a data set holds, what was left out and why"),
        datasets.check,
        _NAME,
        aliases=("微调 数据 检查", "检查训练数据"),
    ),
    _command(
        "tune start",
        mark("Train an adapter; first you see what it takes"),
        starting.start,
        *_TRAINING,
        _NAME,
        Option("when", mark("When: now, or a time"), required=False),
        aliases=("微调 开始", "开始微调"),
    ),
    _command(
        "tune estimate",
        mark("What a training would take: time and memory"),
        starting.estimate,
        *_TRAINING,
        aliases=("微调 估计", "估计微调"),
    ),
    _command(
        "tune status",
        mark("How the trainings stand"),
        following.show_status,
        aliases=("微调 状态", "tune", "微调"),
    ),
    _command(
        "tune stop",
        mark("Stop a training"),
        following.stop,
        _RUN,
        aliases=("微调 停止", "停止微调"),
    ),
    _command(
        "tune report",
        mark("The report card of a training"),
        following.report,
        _RUN,
        aliases=("微调 报告", "微调报告"),
    ),
)

ADAPTER: tuple[Command, ...] = (
    _command(
        "adapter list",
        mark("The trained adapters and where they answer"),
        adapters.show_list,
        aliases=("适配器 列表", "adapter", "adapters", "适配器"),
    ),
    _command(
        "adapter use",
        mark("Let an adapter answer here, in a course or for a learner"),
        adapters.use,
        _WHERE,
        _LEARNER,
        _ADAPTER,
        aliases=("适配器 使用", "使用适配器"),
    ),
    _command(
        "adapter compare",
        mark("One question, answered with and without adapters"),
        comparing.compare,
        Option("question", mark("The question")),
        Option("adapter", mark("Which adapter: its name"), required=False, pattern=r"\S+"),
        aliases=("适配器 比较", "比较适配器"),
    ),
    _command(
        "adapter evaluate",
        mark("Compare an adapter again, with the model as it runs now"),
        evaluate.evaluate,
        Option("effort", mark("How long it may take"), required=False, values=starting.EFFORTS),
        Option(
            "data",
            mark("On which data set; its own if left out"),
            required=False,
            pattern=BY_NAME_ALONE,
        ),
        _ADAPTER,
        aliases=("适配器 评测", "评测适配器"),
    ),
    _command(
        "adapter rollback",
        mark("Go back to what answered before"),
        adapters.rollback,
        _WHERE,
        _LEARNER,
        aliases=("适配器 回退", "回退适配器"),
    ),
    _command(
        "adapter export",
        mark("An adapter as a file for other programs"),
        moving.export,
        _ADAPTER,
        aliases=("适配器 导出", "导出适配器"),
    ),
    _command(
        "adapter import",
        mark("Take in an adapter that was trained elsewhere"),
        moving.import_,
        _FILE,
        _NAME,
        _LICENCE,
        aliases=("适配器 导入", "导入适配器"),
    ),
    _command(
        "adapter trial start",
        mark("Try an adapter on a share of the learners here"),
        trialling.start,
        Option("percent", mark("How many in a hundred"), OptionKind.INTEGER, required=False),
        _ADAPTER,
        aliases=("适配器 试用 开始", "开始试用适配器"),
    ),
    _command(
        "adapter trial status",
        mark("How both sides of a trial are rated"),
        trialling.show_status,
        aliases=("适配器 试用 状态", "适配器试用"),
    ),
    _command(
        "adapter trial stop",
        mark("End a trial, and keep the candidate or not"),
        trialling.stop,
        Option("keep", mark("Keep the candidate"), OptionKind.YES_NO, required=False),
        aliases=("适配器 试用 停止", "停止试用适配器"),
    ),
)

GAN: tuple[Command, ...] = (
    _command(
        "gan upload",
        mark("Take in pictures for a generator: a zip with a folder for each thing"),
        uploading.upload,
        _FILE,
        _NAME,
        _LICENCE,
        aliases=("画图 上传", "上传图片"),
    ),
    _command(
        "gan check",
        mark("What a set of pictures holds, what was left out and why"),
        uploading.check,
        _NAME,
        aliases=("画图 检查", "检查图片"),
    ),
    _command(
        "gan train",
        mark("Train a generator of pictures; first you see what it takes"),
        _of_generators(starting.start),
        Option("effort", mark("How long it may take"), required=False, values=starting.EFFORTS),
        Option("start", mark("From which weights"), required=False, values=starting.STARTS),
        Option("size", mark("How large it draws"), required=False, values=starting.SIZES),
        Option("data", mark("Which pictures; the newest if left out"), required=False),
        _NAME,
        Option("when", mark("When: now, or a time"), required=False),
        aliases=("画图 训练", "训练画图"),
    ),
    _command(
        "gan status",
        mark("How the trainings of generators stand"),
        _of_generators(following.show_status),
        aliases=("画图 状态", "gan"),
    ),
    _command(
        "gan stop",
        mark("Stop the training of a generator"),
        _of_generators(following.stop),
        _RUN,
        aliases=("画图 停止", "停止训练画图"),
    ),
    _command(
        "gan report",
        mark("The report card of a generator, with a sheet of what it draws"),
        _of_generators(following.report),
        _RUN,
        aliases=("画图 报告", "画图报告"),
    ),
    _command(
        "gan use",
        mark("Let a generator draw here, in a course or for a learner"),
        _of_generators(adapters.use),
        _WHERE,
        _LEARNER,
        Option("generator", mark("Which generator: its name, or base")),
        aliases=("画图 使用", "使用画图"),
    ),
    _command(
        "gan rollback",
        mark("Go back to what drew before"),
        _of_generators(adapters.rollback),
        _WHERE,
        _LEARNER,
        aliases=("画图 回退", "回退画图"),
    ),
)

COMMANDS = TUNE + ADAPTER + GAN

ACTIONS: dict[str, ActionHandler] = {
    action: pressed_with_right(handle)
    for action, handle in {
        "tune_data_result": datasets.show_result,
        "tune_prepare": starting.prepare,
        "tune_estimate_result": starting.show_estimate,
        "tune_begin": starting.begin,
        "tune_stop": following.press_stop,
        "tune_reject": following.press_reject,
        "adapter_promote": adapters.press_promote,
        "adapter_override": adapters.press_override,
        "adapter_compare": comparing.press_compare,
        "adapter_rollback": adapters.press_roll_back,
        "trial_stop": trialling.press_stop,
    }.items()
}
