"""The `/course …` commands and what their buttons do."""

from bot.commands.command import Command, Option, OptionKind
from bot.commands.courses import (
    approving,
    finding,
    founding,
    importing,
    items,
    materials,
    skills,
    uploading,
)
from bot.commands.courses.teaching import ActionHandler
from tutor.i18n import mark

COURSE = Option("course", mark("Which course"), required=False)
_HERE = Option("here", mark("Of this channel alone"), OptionKind.YES_NO, required=False)

COMMANDS: tuple[Command, ...] = (
    Command(
        "course list",
        mark("Your courses and those open to you"),
        finding.list_courses,
        aliases=("课程 列表", "课程列表", "course", "courses", "课程"),
    ),
    Command(
        "course join",
        mark("Join a course with your teacher's code"),
        finding.join,
        options=(Option("code", mark("The code"), pattern=r"[A-Za-z0-9]{4}-?[A-Za-z0-9]{4}"),),
        aliases=("课程 加入", "加入课程"),
    ),
    Command(
        "course skills",
        mark("What a course teaches, and how far you are"),
        skills.show_skills,
        options=(COURSE,),
        aliases=("课程 技能", "课程技能", "课程 知识点", "课程知识点"),
    ),
    Command(
        "course create",
        mark("Make a new course, with you as its teacher"),
        founding.create,
        options=(Option("name", mark("What it is called")),),
        aliases=("课程 新建", "新建课程"),
    ),
    Command(
        "course import",
        mark("Fill courses with questions from a file"),
        importing.begin,
        options=(Option("file", mark("The file"), OptionKind.FILE),),
        aliases=("课程 导入", "导入课程"),
    ),
    Command(
        "course items",
        mark("The questions of a course and their state"),
        items.show_items,
        options=(
            Option("state", mark("In which state"), required=False, values=items.STATES),
            COURSE,
        ),
        aliases=("课程 题目", "课程题目"),
    ),
    Command(
        "course approve",
        mark("Go through questions that nobody has checked yet"),
        approving.approve,
        options=(COURSE,),
        aliases=("课程 审核", "审核题目"),
    ),
    Command(
        "course place",
        mark("Make this channel or thread that of a course"),
        founding.place,
        options=(
            Option("here", mark("Belongs here"), OptionKind.YES_NO, required=False),
            COURSE,
        ),
        aliases=("课程 地点", "课程地点"),
    ),
    Command(
        "course upload",
        mark("Bring in a document that answers may cite"),
        uploading.upload,
        options=(Option("file", mark("The file"), OptionKind.FILE), _HERE, COURSE),
        aliases=("课程 上传", "上传资料"),
    ),
    Command(
        "course materials",
        mark("The documents that answers come from"),
        materials.show,
        options=(_HERE, COURSE),
        aliases=("课程 资料", "课程资料"),
    ),
)

ACTIONS: dict[str, ActionHandler] = {
    "course_join": finding.join_open,
    "course_open": skills.open_course,
    "course_import": importing.import_now,
    "course_import_result": importing.show_result,
    "course_items": items.turn_page,
    "material_put": uploading.put,
    "material_ask": materials.ask_to_remove,
    "material_remove": materials.remove,
    "material_again": materials.read_again,
    "item_next": approving.next_item,
    "item_decide": approving.decide,
    "item_correct": approving.correct,
}
