"""What kind of sentence a hint is, and the part of it that a question can take up. English.

Pure text. Formulas are kept out of the reading and put back as they stand.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from training.datasets.building.verbs import GERUNDS

LONGEST, SHORTEST_WORDS, SHORTEST_FORMULA = 120, 2, 8
FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$\s\d][^$]*\$|\\\(.*?\\\)")
HELD = re.compile(r"\ue000(\d+)\ue001")
UNUSABLE = re.compile(r"▢|\[[^\]]*\.\w+\]|https?:|[{}\\#*]|…|--|\(\d\)")
SENTENCES = re.compile(r"(?<=[.!?:])\s+(?=[A-Z\ue000\"“(])")
LEAD = re.compile(
    r"^(?:first(?:ly)?|second(?:ly)?|next|now|then|finally|lastly|so|therefore|thus|also|again"
    r"|here|and|but|hence|step \d+|in this (?:case|problem|question)|after that|well)(?:,|:)?\s+",
    re.IGNORECASE,
)
RECALL = re.compile(
    r"^(?:(?:please )?(?:recall|remember|note|notice|observe|recollect|keep in mind|know|see)"
    r"(?: that|,|:)?|we (?:know|see|can see|have|are given)(?: that)?)\s+(?!to\b)",
    re.IGNORECASE,
)
PURPOSE = re.compile(r"^(?:in order )?to ([^,]+), ", re.IGNORECASE)
USING = re.compile(r"^(?:(?:by )?using|by) [^,]+, ", re.IGNORECASE)
OBLIGED = re.compile(
    r"^(?:please |remember to |make sure (?:to|that you) |try to |we'll |let's |let us "
    r"|(?:we|you|one|students?)(?: (?:will|would|can|could|should|must|may|might|shall|just|only"
    r"|also|now|then|first|simply|have|need|want|are|going|able|trying|to|instead))+ )",
    re.IGNORECASE,
)
STEP_IS = re.compile(
    r"^(?:the|our|your) (?:first|next|last|final|second|third) (?:step|thing)[^,]* is (?:to )?",
    re.IGNORECASE,
)
CLAUSE = re.compile(
    r"(?:,| and)? (?:which|so that|so|and then|then we|and we|because|since|where|we get|we have"
    r"|to get|to obtain|giving|this (?:is|will|gives)|that is|in order|and you|resulting|yielding"
    r"|therefore|thus|hence)\b.*$|;.*$|:(?=\s).*$|, (?:we|you|this|it|then|but)\b.*$"
    r"|\s+-\s.*$",
    re.IGNORECASE,
)
SUBJECT = re.compile(
    r"^((?:(?:the|an?|any|every|each|both|two|all|most)\s)(?:[^\s,.]+\s){0,8}?[^\s,.]+?)\s"
    r"(?:is|are|was|means?|states?|says?|tells?|equals|can|has|have|must|will|refers?|should|shows?"
    r"|measures?|represents?|describes?|gives?|occurs?|do|does|needs?)\b",
    re.IGNORECASE,
)
NO_IDEA = re.compile(
    r"\b(?:answers?|solution|result|steps?|that|which|we|problem|question|hint|following)\b",
    re.IGNORECASE,
)
CONDITION = re.compile(r"^if ((?!we |you |one )[^,]{8,90}), ", re.IGNORECASE)
STATES = re.compile(r"\b(?:is|are|was|were|has|have|lies?|equals?|there|includes?|contains?)\b|=")
REASON = re.compile(r"^(?:since|because|given(?: that)?|as) ([^,]{8,100}), ", re.IGNORECASE)
WHAT_IS = re.compile(
    r"^(?:what(?: is|'s| are| would be| will be)|can you (?:find|calculate|compute|determine"
    r"|identify)|find|calculate|compute) (.{3,})$",
    re.IGNORECASE,
)
WORKED_OUT = re.compile(
    r"(?:^|(?<=\s))(\(?\$?\d[\d.,]*%?(?:\s*[-+*/x×]\s*\(?\$?\d[\d.,]*%?\)?)+)\s*(?:[a-z]+ )?"
    r"=\s*[$(]*\d[\d.,]*(?![\d.,]*[a-z(*/+^-])"
)
EQUATION = re.compile(r"^\$\$(.{5,}?)=(.+)\$\$$")
OPERATION = re.compile(r"(?<=\w)[-+*/]|\\times|\\cdot|\)\s*\(")
NUMERIC = re.compile(r"[\d\s().,+*/-]|\\(?:times|cdot|left|right|frac)|[{}]")
ANOTHER = re.compile(rf"\b((?:and|or) (?:then )?)({'|'.join(GERUNDS)})\b")
GIVES_AWAY = re.compile(r"\b(?:answers?|solution|result)\b", re.IGNORECASE)
NOTHING_TO_DO = re.compile(rf"\?|\b(?:following|below|above)\b|{GIVES_AWAY.pattern}", re.IGNORECASE)
SUPPORTED = re.compile(
    r"^(?:what|which|how|is|are|do|does|can|where|why|if|in|at|by|did|has|have)\b"
)


class Kind(StrEnum):
    ACTION = "action"  # something to do: "subtract 5 from both sides"
    QUESTION = "question"  # a question as it stands
    TERM = "term"  # something to be found: "the slope of the line"
    IDEA = "idea"  # what a rule is about: "the distributive property"
    CONDITION = "condition"  # "the signs are different"
    REASON = "reason"  # something that holds: "the denominators are equal"
    FORMULA = "formula"
    REWRITING = "rewriting"  # the beginning of a chain of equal terms
    CALCULATION = "calculation"  # "48/2", its result left out
    ANY = "any"  # nothing that could be taken up


@dataclass(frozen=True, slots=True)
class Shape:
    """`doing` is the action as "subtracting 5", where it is one."""

    kind: Kind
    phrase: str = ""
    doing: str = ""


def shape_of(hint: str) -> Shape:
    """The first thing in the hint that a question can take up."""
    text = " ".join(hint.replace("\\n", " ").split())
    if found := WORKED_OUT.search(text):
        return Shape(Kind.CALCULATION, found[1].strip())
    held: list[str] = []
    text = FORMULA.sub(lambda found: _hold(found.group(), held), text)
    sentences = SENTENCES.split(text)
    if text.endswith("?"):
        sentences = sentences[-1:]
    for sentence in sentences[:2]:
        for read in _READERS:
            shape = read(sentence)
            if shape and (put_back := _put_back(shape, held)):
                return put_back
        shape = _formula(HELD.sub(lambda found: held[int(found[1])], sentence))
        if shape and (put_back := _put_back(shape, held)):
            return put_back
    return Shape(Kind.ANY)


def _hold(formula: str, held: list[str]) -> str:
    held.append(formula)
    return f"\ue000{len(held) - 1}\ue001"


def _put_back(shape: Shape, held: list[str]) -> Shape | None:
    """The shape with its formulas; None where it is too long, too short or says a result."""
    phrase, doing = (
        HELD.sub(lambda found: held[int(found[1])], text) for text in (shape.phrase, shape.doing)
    )
    bare = FORMULA.sub("", phrase)
    short = bare == phrase and len(phrase.split()) < SHORTEST_WORDS
    if len(phrase) > LONGEST or short or UNUSABLE.search(bare) or "\\begin" in phrase:
        return None
    if bare.count("(") != bare.count(")") or "$$" in bare:
        return None
    return Shape(shape.kind, phrase, doing)


def _question(sentence: str) -> Shape | None:
    if not sentence.endswith("?"):
        return None
    asked = LEAD.sub("", sentence)
    if GIVES_AWAY.search(asked):
        return None
    if found := WHAT_IS.match(asked.rstrip("? ")):
        term = found[1]
        if "," not in term and not term.startswith(("it ", "this ", "that ")):
            return Shape(Kind.TERM, _lowered(term))
    lowered = _lowered(asked)
    return Shape(Kind.QUESTION, lowered) if SUPPORTED.match(lowered) else None


def _action(sentence: str) -> Shape | None:
    """An imperative, or what "we need to" do."""
    text = LEAD.sub("", sentence)
    for opening in (PURPOSE, USING, STEP_IS, LEAD, OBLIGED, LEAD):
        text = opening.sub("", text, count=1)
    text = CLAUSE.sub("", text.rstrip(".!: ")).rstrip(",.!: ")
    verb, _, rest = text.partition(" ")
    doing = GERUNDS.get(verb.casefold())
    if doing is None or not rest or NOTHING_TO_DO.search(rest):
        return None
    return Shape(Kind.ACTION, f"{verb.casefold()} {rest}", f"{doing} {ANOTHER.sub(_doing, rest)}")


def _doing(found: re.Match[str]) -> str:
    return f"{found[1]}{GERUNDS[found[2]]}"


def _reason(sentence: str) -> Shape | None:
    found = REASON.match(LEAD.sub("", sentence))
    holds = found and STATES.search(found[1]) and not found[1].startswith("when ")
    return Shape(Kind.REASON, _lowered(found[1])) if found and holds else None


def _condition(sentence: str) -> Shape | None:
    found = CONDITION.match(LEAD.sub("", sentence))
    holds = found and STATES.search(found[1])
    return Shape(Kind.CONDITION, found[1].strip()) if found and holds else None


def _idea(sentence: str) -> Shape | None:
    text = RECALL.sub("", LEAD.sub("", sentence))
    found = SUBJECT.match(text)
    if found and not NO_IDEA.search(found[1]):
        return Shape(Kind.IDEA, _lowered(found[1]))
    if RECALL.match(sentence) and text.startswith(("the ", "a ", "an ")):
        rest = CLAUSE.sub("", text.rstrip(".!: "))
        return None if NO_IDEA.search(rest) else Shape(Kind.IDEA, rest)
    return None


def _formula(sentence: str) -> Shape | None:
    found = FORMULA.search(sentence)
    if found is None or len(found.group()) < SHORTEST_FORMULA or "__" in found.group():
        return None
    equation = EQUATION.match(found.group())
    if equation is None:
        return Shape(Kind.FORMULA, found.group())
    left, right = equation.groups()
    whole = Shape(Kind.FORMULA, found.group())
    if OPERATION.search(left) and not NUMERIC.sub("", left):
        return Shape(Kind.CALCULATION, f"$${left}$$")
    return Shape(Kind.REWRITING, f"$${left}$$") if "=" in right and "," not in left else whole


def _lowered(text: str) -> str:
    """With a small first letter, unless it begins with a name or a formula."""
    first = text.split(" ", 1)[0]
    return text[:1].lower() + text[1:] if first.istitle() or first == "A" else text


_READERS: tuple[Callable[[str], Shape | None], ...] = (
    _question, _action, _reason, _condition, _idea,
)  # fmt: skip
