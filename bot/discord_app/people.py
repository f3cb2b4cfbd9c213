"""Who somebody is on Discord, and what they may do. Pure."""

from collections.abc import Collection

import discord

from tutor.messages import Person, Platform, Role


def person_of(user: discord.abc.User, locale: str | None) -> Person:
    return Person(
        platform=Platform.DISCORD,
        workspace="",
        user_id=str(user.id),
        display_name=user.display_name,
        locale=locale,
    )


def role_ids_of(user: discord.abc.User) -> tuple[str, ...]:
    """The ids of somebody's roles in the server where they write, without @everyone."""
    if not isinstance(user, discord.Member):
        return ()
    return tuple(str(role.id) for role in user.roles if not role.is_default())


def roles_of(
    user_id: int, permissions: discord.Permissions | None, operators: Collection[str]
) -> frozenset[Role]:
    """Manage Server makes an admin (the owner has it); operators are named in the settings."""
    roles = {Role.LEARNER}
    if permissions and (permissions.manage_guild or permissions.administrator):
        roles.add(Role.ADMIN)
    if f"{Platform.DISCORD}:{user_id}" in operators:
        roles.add(Role.OPERATOR)
    return frozenset(roles)
