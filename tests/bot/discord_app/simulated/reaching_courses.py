"""How the buttons of those who look after courses, classes and checklists are come by.

Adam looks after the community that the course belongs to, so he is a teacher of it.
"""

from dataclasses import replace
from typing import Any

from tests.bot.discord_app.simulated.conftest import School
from tests.bot.discord_app.simulated.reaching import Offered, Reach, command, follow, hang
from tests.bot.discord_app.simulated.reaching_lessons import wrong_answer
from tests.bot.discord_app.simulated.stock import (
    TEXT,
    a_checklist,
    a_course,
    a_document,
    a_read_file,
)
from tutor.safety.protection import AgeBand, Basis


def course(name: str, *path: str, who: str = "adam", **more: Any) -> Reach:
    """A command where there is a course, and the buttons to press on the way."""

    async def reach(school: School) -> Offered:
        await a_course(school)
        return await command(name, who, *path, **more)(school)

    return reach


def checklist(name: str, *path: str, who: str = "adam", **more: Any) -> Reach:
    """A command where there is a checklist."""

    async def reach(school: School) -> Offered:
        await a_checklist(school)
        return await command(name, who, *path, **more)(school)

    return reach


def filled(reach: Reach, **fields: Any) -> Reach:
    """The same with what is written into the form that opens."""

    async def reach_and_fill(school: School) -> Offered:
        return replace(await reach(school), fields=fields)

    return reach_and_fill


async def import_result(school: School) -> Offered:
    payload = {"job_id": (await a_read_file(school)).id}
    return Offered(school.adam, await hang(school, "adam", "course_import_result", payload))


async def import_ready(school: School) -> Offered:
    """What the file holds was shown."""
    payload = {"job_id": (await a_read_file(school, dry_run=True, counts={"items": 1})).id}
    message = await hang(school, "adam", "course_import_result", payload)
    return await follow(school, Offered(school.adam, message), "course_import_result")


async def brought_document(school: School) -> Offered:
    """A file that came without a course."""
    blob = await school.stage.services.blobs.put(b"Leaves catch light.")
    file = {"hash": blob.hash, "size_bytes": blob.size_bytes, "name": "a.txt", "media_type": TEXT}
    payload = {"course_id": await a_course(school), "files": [file]}
    return Offered(school.adam, await hang(school, "adam", "material_put", payload))


async def kept_document(school: School) -> Offered:
    payload = {"material_id": await a_document(school, await a_course(school))}
    return Offered(school.adam, await hang(school, "adam", "material_ask", payload))


async def doubted_document(school: School) -> Offered:
    return await follow(school, await kept_document(school), "material_ask")


async def stuck_document(school: School) -> Offered:
    await a_document(school, await a_course(school))
    school.wait(hours=2)
    return await command("course materials", "adam")(school)


async def dispute(school: School) -> Offered:
    """Ann contests a grade in a course of Adam's."""
    await follow(school, await wrong_answer(school), "contest")
    return await command("class queue", "adam")(school)


RECORD = {
    "controller": "The school",
    "age_band": [AgeBand.TEENS.value],
    "basis": [Basis.SCHOOL.value],
    "country": "DE",
    "contact": "",
}
WRITTEN = {"title": "First week", "tasks": "Get your badge"}
TEACHING: dict[str, Reach] = {
    "course_join": course("course list", who="ann"),
    "course_open": course("course list", "course_join", who="ann"),
    "course_import": import_ready,
    "course_import_result": import_result,
    "course_items": course("course items"),
    "material_put": brought_document,
    "material_ask": kept_document,
    "material_remove": doubted_document,
    "material_again": stuck_document,
    "item_next": course("course approve"),
    "item_decide": course("course approve"),
    "item_correct": filled(course("course approve"), step0="10"),
    "homework_cancel": course("class assign", what="First steps"),
    "class_record": filled(course("class record"), **RECORD),
    "dispute_accept": dispute,
    "dispute_correct": filled(dispute, step0="12"),
    "dispute_reject": filled(dispute, answer="It is 42."),
    "onboard_save": filled(command("onboard create", "adam"), **WRITTEN),
    "onboard_begin": checklist("onboard list"),
    "onboard_remind": checklist("onboard progress"),
    "onboard_retire": checklist("onboard list"),
    "onboard_mark": checklist("onboard list", who="ann"),
    "onboard_ask": filled(checklist("onboard list", who="ann"), text="How many days?"),
}
