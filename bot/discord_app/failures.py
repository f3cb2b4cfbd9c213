"""What a failed call to Discord was, in words that may be logged."""

import discord


def named(error: BaseException) -> str:
    """The kind of a failure and Discord's own codes.

    Never its message: that may quote an address with a token in it, or a file's name.
    """
    name = type(error).__name__
    if isinstance(error, discord.HTTPException):
        return f"{name} {error.status} {error.code}"
    return name
