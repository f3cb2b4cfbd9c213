"""Where a training may be sent: the addresses of Ray clusters that are understood. Pure.

Knows nothing of Ray itself (`training.cluster`).
"""

import re

from tutor.bank.reason import Reason
from tutor.i18n import mark
from tutor.language import Language

LOCAL = "ray"  # started for this training alone, on this machine
RUNNING = "auto"  # that of which this machine is a part
CLIENT = re.compile(r"ray://[A-Za-z0-9_.\[\]:-]+:\d{1,5}")
NO_ADDRESS = mark(
    "“{address}” is no Ray cluster. Write ray://HOST:PORT (its client port, usually 10001), “auto” "
    "on a machine that belongs to one, or “ray” to start one here."
)


class AddressUnknown(Exception):
    """The address is of no kind that is understood; `reason` says which are."""

    def __init__(self, address: str) -> None:
        self.reason = Reason(NO_ADDRESS, {"address": address})
        super().__init__(self.reason.said(Language.ENGLISH))


def check_address(address: str) -> None:
    """Raises AddressUnknown for anything but ray://HOST:PORT, auto and ray."""
    if address not in (LOCAL, RUNNING) and not CLIENT.fullmatch(address):
        raise AddressUnknown(address)


def is_elsewhere(address: str | None) -> bool:
    """Whether it is trained with the memory of other machines."""
    return address not in (None, LOCAL)
