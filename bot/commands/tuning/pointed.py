"""What is said of a pointer that was moved: an adapter answers there, or a generator draws."""

from dataclasses import dataclass

from tutor.i18n import mark
from tutor.tuning.product import Product


@dataclass(frozen=True, slots=True)
class Sentences:
    """Marked sentences with {place}, and {name} where something of its own is used."""

    base: str
    already: str
    used: str
    overridden: str
    unchanged: str
    back: str
    back_to_wider: str
    back_to_base: str


SENTENCES = {
    Product.ADAPTER: Sentences(
        base=mark("The model as it is answers {place} now."),
        already=mark("It is “{name}” that answers {place}."),
        used=mark("“{name}” answers {place} from now on."),
        overridden=mark(
            "“{name}” answers {place} from now on, in spite of its report. Your reason is in the "
            "audit log."
        ),
        unchanged=mark("Nothing was changed: something else answers {place} by now."),
        back=mark("Rolled back: “{name}” answers {place}."),
        back_to_wider=mark("Rolled back: {place} answers what is used elsewhere."),
        back_to_base=mark("Rolled back: the model as it is answers {place}."),
    ),
    Product.GENERATOR: Sentences(
        base=mark("The generator that comes with Daoshi draws {place} now."),
        already=mark("It is “{name}” that draws {place}."),
        used=mark("“{name}” draws {place} from now on."),
        overridden=mark(
            "“{name}” draws {place} from now on, in spite of its report. Your reason is in the "
            "audit log."
        ),
        unchanged=mark("Nothing was changed: something else draws {place} by now."),
        back=mark("Rolled back: “{name}” draws {place}."),
        back_to_wider=mark("Rolled back: {place} draws what is used elsewhere."),
        back_to_base=mark("Rolled back: the generator that comes with Daoshi draws {place}."),
    ),
}
NAMED_BY = {Product.ADAPTER: "adapter", Product.GENERATOR: "generator"}
"""The option of a command that names one."""
