"""A form asked field by field. Pure: a state and a line in, the next state out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tutor.i18n import say
from tutor.language import Language
from tutor.messages import Form, FormField

SKIP = "-"


@dataclass(frozen=True, slots=True)
class Filling:
    """A form that a choice opened, as far as it is filled in."""

    choice_id: str
    form: Form
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def pending(self) -> FormField | None:
        """The field to ask for next; None when the form is complete."""
        return next((f for f in self.form.fields if f.name not in self.values), None)

    def answer(self, line: str) -> "Filling":
        """With the pending field filled from `line`, unless `problem` finds it wanting."""
        pending = self.pending
        assert pending is not None, self.form.title
        return replace(self, values={**self.values, pending.name: _value(pending, line)})

    def problem(self, line: str, language: Language) -> str | None:
        """What is wrong with `line` as the pending field's value, in a sentence."""
        pending = self.pending
        assert pending is not None, self.form.title
        value = _value(pending, line)
        if pending.required and not value:
            return say(language, "This one is needed.")
        if len(value) > pending.max_length:
            return say(language, "At most {count} characters, please.", count=pending.max_length)
        if pending.options and value and value not in dict(pending.options):
            return say(language, "Please give one of the numbers.")
        return None

    def prompt(self, language: Language) -> str:
        """What to ask for the pending field, with its options and what it holds already."""
        pending = self.pending
        assert pending is not None, self.form.title
        lines = [] if self.values else [f"**{self.form.title}**", ""]
        lines.append(pending.label)
        lines += [f"{n}. {label}" for n, (_, label) in enumerate(pending.options, 1)]
        if pending.value:
            lines.append(say(language, "(now: {value}; Enter keeps it)", value=pending.value))
        elif not pending.required:
            lines.append(say(language, "(optional; {sign} leaves it out)", sign=SKIP))
        return "\n".join(lines)


def _value(pending: FormField, line: str) -> str:
    text = line.strip()
    if text == SKIP and not pending.required:
        return ""
    if not text:
        return pending.value
    if pending.options and text.isdecimal() and 1 <= int(text) <= len(pending.options):
        return pending.options[int(text) - 1][0]
    return text
