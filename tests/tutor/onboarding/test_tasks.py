"""Tasks as admins write them."""

import pytest

from tutor.language import Language
from tutor.onboarding.tasks import as_written, citation, loaded, stored, tasks_in

DOCUMENTS = {"Handbook.pdf": "m1", "手册.pdf": "m2"}
TEXT = """1. Get your badge
- Read how holidays work [handbook.pdf p. 12]
* Read it all [Handbook]
阅读安全须知【手册.pdf 第3页】

Ask Tom [tom.pdf]
Get your badge!
"""


def test_each_line_is_a_task_with_what_it_cites() -> None:
    written = tasks_in(TEXT, DOCUMENTS)
    assert [(task.text, task.document, task.page) for task in written.tasks] == [
        ("Get your badge", "", 0),
        ("Read how holidays work", "Handbook.pdf", 12),
        ("Read it all", "Handbook.pdf", 0),
        ("阅读安全须知", "手册.pdf", 3),
        ("Ask Tom", "", 0),
    ]
    assert written.tasks[1].material_id == "m1"
    assert written.missing == ("tom.pdf",)


@pytest.mark.parametrize("language", Language)
def test_tasks_that_are_shown_for_a_change_read_as_the_same_tasks(language: Language) -> None:
    tasks = tasks_in(TEXT, DOCUMENTS).tasks
    assert tasks_in(as_written(tasks, language), DOCUMENTS).tasks == tasks


def test_tasks_survive_the_database() -> None:
    tasks = tasks_in(TEXT, DOCUMENTS).tasks
    assert loaded(stored(tasks)) == tasks


def test_a_task_keeps_its_key_wherever_it_moves() -> None:
    first = {task.text: task.key for task in tasks_in("A task\nB task", {}).tasks}
    second = {task.text: task.key for task in tasks_in("New\nB task\nA task", {}).tasks}
    assert {text: second[text] for text in first} == first


def test_page_is_named_with_its_document() -> None:
    [task] = tasks_in("Read [Handbook page 7]", DOCUMENTS).tasks
    assert citation(task, Language.ENGLISH) == "Handbook.pdf p. 7"


def test_a_list_is_cut_at_twenty_tasks() -> None:
    assert len(tasks_in("\n".join(f"Task number {n}" for n in range(99)), {}).tasks) == 20
