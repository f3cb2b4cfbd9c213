"""Who may take an adapter away, and what a trial of another is held against."""

from dataclasses import replace
from typing import Any

import pytest

from bot.commands.run import run_action
from storage.adapter_trials import latest_trial, running_trials
from storage.artifacts import Artifact, add_artifact
from storage.assignments import assign, assignment_at
from storage.members import TEACHER, add_member
from tests.doubles import questions
from tests.doubles.desk import ADMIN, ANN, ANN_IN_SLACK, Desk, shared
from tests.doubles.lora_files import lora_package
from tests.doubles.small_course import bring_in
from tutor.adapters.fitness import KIND
from tutor.adapters.package import MEDIA_TYPE
from tutor.engine.contract import Capabilities, Priority
from tutor.messages import Role, Text

HERE: dict[str, Any] = {"author": ANN, "roles": ADMIN}
OPERATOR = frozenset({Role.LEARNER, Role.OPERATOR})


async def everybodys(desk: Desk, name: str, base_hash: str = "") -> Artifact:
    """An adapter that operators made for all communities, and that passed."""
    capabilities = await desk.services.engine.capabilities()
    binding = {
        "base_hash": capabilities.base_hash,
        "template_hash": capabilities.template_hash,
        "precision": capabilities.precision,
        "base_revision": capabilities.base_revision,
    }
    blob = await desk.services.blobs.put(lora_package(name))
    async with desk.services.database.write() as session:
        return await add_artifact(
            session,
            blob,
            kind=KIND,
            name=name,
            base_hash=base_hash,
            card={"scope": "global", "report": {"passed": True, "binding": binding}},
            media_type=MEDIA_TYPE,
            now=desk.clock[0],
            created_by=None,
        )


async def test_only_operators_take_away_what_is_for_everybody(desk: Desk) -> None:
    await everybodys(desk, "shared")
    assert "shared" in (await desk.give("adapter list", **shared(**HERE))).text
    given = await desk.give("adapter export", {"adapter": "shared"}, **shared(**HERE))
    assert given.text == "Only the operators of Daoshi may do that."
    operator = {**HERE, "roles": OPERATOR}
    given = await desk.give("adapter export", {"adapter": "shared"}, **shared(**operator))
    assert "as a peft folder" in given.text


async def test_trial_is_held_against_what_answers_here_already(desk: Desk) -> None:
    used, tried = await everybodys(desk, "used"), await everybodys(desk, "tried")
    async with desk.services.database.write() as session:
        await assign(
            session,
            scope="global",
            kind=KIND,
            artifact_id=used.id,
            by=None,
            reason="promote",
            now=desk.clock[0],
        )
    given = await desk.give("adapter trial start", {"adapter": "tried"}, **shared(**HERE))
    async with desk.services.database.read() as session:
        trial = await latest_trial(session, f"community:{given.turn.community.id}")
    assert trial is not None, given.text
    assert (trial.control_id, trial.candidate_id) == (used.id, tried.id)


async def test_a_course_of_elsewhere_is_none_of_an_admins_here(desk: Desk) -> None:
    adapter = await everybodys(desk, "shared")
    course_id = await bring_in(desk.services.database, desk.clock[0])
    ann = (await desk.turn(questions.command("adapter list", **shared(**HERE)))).learner.id
    async with desk.services.database.write() as session:
        await add_member(session, course_id, ann, role=TEACHER, now=desk.clock[0])
    asked = {"adapter": adapter.id, "where": "course", "course": course_id}
    given = await desk.give("adapter use", asked, **shared(**HERE))
    assert given.text == "You look after no such course here."
    operator = {**HERE, "roles": OPERATOR}
    given = await desk.give("adapter use", asked, **shared(**operator))
    assert given.text != "You look after no such course here."


async def test_what_is_for_a_learner_holds_in_the_community_where_it_was_said(desk: Desk) -> None:
    await everybodys(desk, "shared")
    asked = {"adapter": "shared", "where": "learner"}
    given = await desk.give("adapter use", asked, **shared(**HERE))
    assert given.text == "“shared” answers for one learner in this community from now on."
    learner, community = given.turn.learner.id, given.turn.community.id
    async with desk.services.database.read() as session:
        assert await assignment_at(session, f"learner:{community}:{learner}", KIND) is not None
        assert await assignment_at(session, f"learner:{learner}", KIND) is None


async def test_a_roll_back_says_what_it_passed_over(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    present = replace(await desk.engine.capabilities(), base_hash="b" * 64)

    async def of_another_model() -> Capabilities:
        return present

    monkeypatch.setattr(desk.engine, "capabilities", of_another_model)
    parked = await everybodys(desk, "older", base_hash="c" * 64)
    for adapter in (parked, await everybodys(desk, "newer")):
        desk.wait(minutes=1)
        await assigned_here(desk, adapter)
    given = await desk.give("adapter rollback", **shared(**HERE))
    assert given.text.splitlines() == [
        "Rolled back: in this community answers what is used elsewhere.",
        "older was made for another model and is skipped.",
        "There is no earlier adapter that could answer.",
    ]


async def test_a_comparison_lets_learners_go_first(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    adapter = await everybodys(desk, "shared")
    monkeypatch.setattr(desk.services.pins, "loader", Loaded())
    await desk.engine.ensure_adapter(adapter.id, "")
    asked = {"question": "What is gravity?", "adapter": adapter.id}
    given = await desk.give("adapter compare", asked, **shared(**HERE))
    assert "**The model as it is**" in given.text and "**shared" in given.text
    compared = desk.engine.requests[-2:]
    assert [request.adapter for request in compared] == [None, adapter.id]
    assert {request.priority for request in compared} == {Priority.BACKGROUND}


class Loaded:
    """Has every adapter already."""

    async def load(self, artifact: Artifact) -> bool:
        return True


async def assigned_here(desk: Desk, adapter: Artifact) -> None:
    community = (await desk.turn(questions.command("help", **shared(**HERE)))).community
    async with desk.services.database.write() as session:
        await assign(
            session,
            scope=f"community:{community.id}",
            kind=KIND,
            artifact_id=adapter.id,
            by=None,
            reason="promote",
            now=desk.clock[0],
        )


async def test_a_press_in_a_direct_message_takes_the_right_in_the_community(desk: Desk) -> None:
    """Also the buttons of a card, which anybody may press who sees it."""
    adapter = await everybodys(desk, "shared")
    given = await desk.give("adapter use", {"adapter": "shared"}, **shared(**HERE))
    scope = f"community:{given.turn.community.id}"
    about = {"community_id": given.turn.community.id, "scope": scope, "artifact_id": adapter.id}
    for action in ("adapter_rollback", "adapter_promote", "adapter_override", "adapter_compare"):
        alone = await desk.turn(questions.press("x", author=ANN, fields={"reason": "please"}))
        shown = [part async for part in run_action(desk.services, alone, action, about)]
        [said] = [part.text for part in shown if isinstance(part, Text)]
        assert said.startswith("A direct message does not tell me"), action
    async with desk.services.database.read() as session:
        present = await assignment_at(session, scope, KIND)
    assert present is not None and present.artifact is not None
    back = await desk.press(given.button("Roll back"), author=ANN, roles=OPERATOR)
    assert back.text.startswith("Rolled back"), back.text


async def test_a_workspaces_admin_has_their_right_in_a_direct_message_too(desk: Desk) -> None:
    await everybodys(desk, "shared")
    in_slack = {"author": ANN_IN_SLACK, "community": ANN_IN_SLACK.workspace, "channel": "general"}
    given = await desk.give("adapter use", {"adapter": "shared"}, roles=ADMIN, **in_slack)
    button = given.button("Roll back")
    lost = await desk.press(button, author=ANN_IN_SLACK)
    assert lost.text.startswith("A direct message does not tell me"), lost.text
    back = await desk.press(button, author=ANN_IN_SLACK, roles=ADMIN)
    assert back.text.startswith("Rolled back"), back.text


async def test_a_workspaces_admin_decides_nothing_for_other_workspaces(desk: Desk) -> None:
    """A direct message belongs to no community, and what is made there to all of this Daoshi."""
    await everybodys(desk, "shared")
    alone: dict[str, Any] = {"author": ANN_IN_SLACK, "roles": ADMIN}
    for name, arguments in (
        ("adapter trial start", {"adapter": "shared"}),
        ("adapter use", {"adapter": "shared", "where": "learner"}),
        ("tune data build", {"source": "bank"}),
        ("adapter list", {}),
    ):
        given = await desk.give(name, arguments, **alone)
        assert given.text.startswith("A direct message does not tell me"), name
    async with desk.services.database.read() as session:
        assert await running_trials(session) == []
