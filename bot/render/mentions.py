"""Takes the power to ping out of a text; readers see no difference. Knows no library."""

import re

from bot.render.characters import ZERO_WIDTH_SPACE

_DISCORD = re.compile(r"@(?=everyone|here)|<(?=@|#|id:)", re.IGNORECASE)
_SLACK_COMMAND = re.compile(r"(?:<|&lt;|&#0*60;|&#x0*3c;)(?=[!@#])", re.IGNORECASE)
_SLACK_WORD = re.compile(r"@(?=channel|here|everyone|group)", re.IGNORECASE)


def without_discord_mentions(text: str) -> str:
    """`@everyone`, `@here`, `<@1>`, `<@&1>` and `<#1>` name nobody any more."""
    return _DISCORD.sub(lambda match: match.group() + ZERO_WIDTH_SPACE, text)


def without_slack_mentions(text: str) -> str:
    """`<!channel>`, `<!here>`, `<@U1>`, `<#C1>` and `@channel` call nobody any more."""
    text = _SLACK_COMMAND.sub(lambda match: match.group() + ZERO_WIDTH_SPACE, text)
    return _SLACK_WORD.sub(lambda match: match.group() + ZERO_WIDTH_SPACE, text)
