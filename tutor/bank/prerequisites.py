"""Which skill is learnt before which: no cycles, nothing unknown."""

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from tutor.bank.item import Skill
from tutor.bank.reason import BankError
from tutor.i18n import mark


class PrerequisiteCycle(BankError):
    """Skills that each have to be learnt before the other; `cycle` names them in order."""

    def __init__(self, cycle: Sequence[str]) -> None:
        self.cycle = tuple(cycle)
        super().__init__(
            mark(
                "These skills each require the next, in a circle, so none could come first: "
                "{cycle}. Take one of these requirements out."
            ),
            cycle=" → ".join(cycle),
        )


class PrerequisiteUnknown(BankError):
    """A skill requires one that its course does not have."""

    def __init__(self, skill: str, required: str) -> None:
        super().__init__(
            mark(
                "The skill {skill} requires {required}, which the course does not have. "
                "Add that skill, or take the requirement out."
            ),
            skill=skill,
            required=required,
        )


def check_prerequisites(skills: Sequence[Skill]) -> None:
    """Raises PrerequisiteUnknown or PrerequisiteCycle for skills that nobody could learn."""
    requires: Mapping[str, tuple[str, ...]] = {skill.key: skill.requires for skill in skills}
    for skill in skills:
        for required in skill.requires:
            if required not in requires:
                raise PrerequisiteUnknown(skill.key, required)
    try:
        TopologicalSorter(requires).prepare()
    except CycleError as error:
        # graphlib names each skill before the one that requires it; we say it the other way round
        raise PrerequisiteCycle(list(reversed(error.args[1]))) from None
