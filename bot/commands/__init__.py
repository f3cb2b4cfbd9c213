"""What people can ask of Daoshi besides talking to it: commands, buttons, and their permissions.

Platform-neutral: adapters build their native menus from COMMANDS and know no handler.
"""

from bot.commands.command import Command, Menu, Option, OptionKind
from bot.commands.listing import COMMANDS, UNKNOWN, command_named

__all__ = ["COMMANDS", "UNKNOWN", "Command", "Menu", "Option", "OptionKind", "command_named"]
