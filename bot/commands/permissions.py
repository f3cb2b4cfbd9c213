"""Who may use which command. Knows roles; the adapters derive them from the platform's rights."""

from collections.abc import Iterable

from bot.commands.command import Command
from tutor.messages import Role

ORDER = (Role.LEARNER, Role.TEACHER, Role.ADMIN, Role.OPERATOR)
"""Each role may do what those before it may."""


def highest(roles: Iterable[Role]) -> Role:
    """The role that decides what a person may do; a learner where none is named."""
    return max(roles, key=ORDER.index, default=Role.LEARNER)


def has_role(roles: Iterable[Role], needed: Role) -> bool:
    """Whether one of `roles` is `needed` or above it."""
    return ORDER.index(highest(roles)) >= ORDER.index(needed)


def may(roles: Iterable[Role], command: Command) -> bool:
    """Whether somebody with these roles may use `command`."""
    return has_role(roles, command.role)
