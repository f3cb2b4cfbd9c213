"""A sentence with its fields, said later in the language of whoever reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tutor.i18n import say
from tutor.language import Language


@dataclass(frozen=True, slots=True)
class Reason:
    """`message` is a marked sentence of the catalogue, `fields` what it names, reasons too."""

    message: str
    fields: Mapping[str, Any] = field(default_factory=dict)

    def said(self, language: Language) -> str:
        """The sentence in a language."""
        fields = {
            name: value.said(language) if isinstance(value, Reason) else value
            for name, value in self.fields.items()
        }
        return say(language, self.message, **fields)

    def to_json(self) -> dict[str, Any]:
        """Plain values for a row or a file; a reason within it is a record as well."""
        fields = {
            name: value.to_json() if isinstance(value, Reason) else value
            for name, value in self.fields.items()
        }
        return {"message": self.message, "fields": fields}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Reason":
        """What `to_json` wrote."""
        fields = {
            name: cls.from_json(value) if isinstance(value, dict) else value
            for name, value in (record.get("fields") or {}).items()
        }
        return cls(record["message"], fields)


class BankError(Exception):
    """Somebody's course, item or file can't be taken; `reason` says why and what to do."""

    def __init__(self, message: str, /, **fields: Any) -> None:
        self.reason = Reason(message, fields)
        super().__init__(self.reason.said(Language.ENGLISH))
