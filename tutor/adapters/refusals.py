"""What stands in the way of an adapter: refusals with a sentence for whoever asked."""

from typing import Any

from tutor.bank.reason import Reason
from tutor.i18n import mark
from tutor.language import Language


class AdapterRefused(Exception):
    """An adapter can't be read, used, promoted or taken back; `reason` says why and what to do."""

    def __init__(self, message: str, /, **fields: Any) -> None:
        self.reason = Reason(message, fields)
        super().__init__(self.reason.said(Language.ENGLISH))


class AdapterUnknown(AdapterRefused):
    """There is no such adapter."""

    def __init__(self) -> None:
        super().__init__(mark("I know no such adapter."))


class GeneratorUnknown(AdapterRefused):
    """There is no such generator of pictures."""

    def __init__(self) -> None:
        super().__init__(mark("I know no such generator of pictures."))


class AdapterUnsafe(AdapterRefused):
    """A file that must not be opened, or is no adapter."""


class NotPromotable(AdapterRefused):
    """The report card does not allow it; a reason that is written down does."""


class NothingToRollBack(AdapterRefused):
    """Nothing was promoted here that could be taken back."""

    def __init__(self) -> None:
        super().__init__(mark("Nothing has been promoted here that could be taken back."))


class TrialRefused(AdapterRefused):
    """A trial can't be started or ended as it was asked for."""
