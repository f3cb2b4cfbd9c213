"""A generator's report card in words: a table that fits a chat, and what follows from it."""

from tutor.bank.reason import Reason
from tutor.i18n import mark, say
from tutor.language import Language
from tutor.tuning.generators.report import Figure, FigureName, GeneratorReport
from tutor.tuning.report_text import aligned

TITLES = {
    FigureName.RECOGNISED: mark("Recognised"),
    FigureName.DISTANCE: mark("Distance to real ones"),
    FigureName.VARIETY: mark("Variety"),
    FigureName.COPIES: mark("Near copies"),
}
PASSED = mark("The generator passed: it can be promoted.")
FAILED = mark("The generator did not pass: using it takes a reason, which is recorded.")
THINGS_SHOWN = 20


def generator_report_text(language: Language, report: GeneratorReport) -> str:
    """Markdown: the conclusion, the table as a code block, why, and what can't be drawn."""
    why = [f"- {reason.said(language)}" for reason in report.reasons]
    lines = [say(language, PASSED if report.passed else FAILED), _table(language, report), *why]
    nearest = say(
        language,
        "- The nearest picture that it was shown is {share} as far away as from real ones that it "
        "was not shown.",
        share=f"{report.nearest:.0%}",
    )
    lines.append(nearest)
    return "\n".join([*lines, *_things(language, report)])


def grid_alt(language: Language) -> str:
    return say(
        language, "A sheet of pairs: on the left a real picture, on the right what is drawn for it"
    )


def _table(language: Language, report: GeneratorReport) -> str:
    head = ["", say(language, "drawn"), say(language, "real"), say(language, "limit"), ""]
    rows = [head, *(_row(language, one) for one in report.figures)]
    return "\n".join(["```", *aligned(rows), "```"])


def _row(language: Language, figure: Figure) -> list[str]:
    sign = {None: "", True: "✓", False: "✗"}[figure.holds]
    real = "–" if figure.real is None else _value(figure.name, figure.real)
    limit = "–" if figure.limit is None else _limit(figure)
    return [
        say(language, TITLES[figure.name]),
        _value(figure.name, figure.drawn),
        real,
        limit,
        sign,
    ]


def _limit(figure: Figure) -> str:
    assert figure.limit is not None, figure
    sign = "≤" if figure.name is FigureName.DISTANCE else "≥"
    return f"{sign} {_value(figure.name, figure.limit)}"


def _value(name: FigureName, value: float) -> str:
    return f"{value:.1f}" if name is FigureName.DISTANCE else f"{value:.0%}"


def _things(language: Language, report: GeneratorReport) -> list[str]:
    missing = [
        one.zh if language is Language.CHINESE else one.en
        for one in report.things
        if not one.offered
    ]
    if not missing:
        return [say(language, "- All things can be drawn.")]
    names = ", ".join(missing[:THINGS_SHOWN]) + (", …" if len(missing) > THINGS_SHOWN else "")
    reason = Reason(mark("Not recognisable, so they are not drawn: {things}"), {"things": names})
    return [f"- {reason.said(language)}"]
