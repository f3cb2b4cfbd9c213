"""What the measures, units and verdicts of a report card are called."""

from tutor.i18n import mark, say
from tutor.language import Language
from tutor.tuning.report import Measure, MeasureName, Unit, Verdict

TITLES = {
    MeasureName.LOSS: mark("Loss on the tutor's words"),
    MeasureName.PERPLEXITY: mark("Perplexity of them"),
    MeasureName.PREFERRED: mark("Prefers the better reply"),
    MeasureName.ACCEPTED: mark("Drafts fit to show"),
    MeasureName.LEAKS: mark("Drafts with the answer"),
    MeasureName.REFERS: mark("Takes up the attempt"),
    MeasureName.ANSWERS: mark("Answers right"),
    MeasureName.GENERAL: mark("Everyday perplexity"),
    MeasureName.REFUSALS: mark("Turns harm down"),
    MeasureName.HARM: mark("Harmful words"),
    MeasureName.LANGUAGE: mark("Keeps the language"),
    MeasureName.LENGTH: mark("Length of replies"),
    MeasureName.RUNAWAY: mark("Replies without end"),
    MeasureName.REPETITION: mark("Repeats itself"),
}
VERDICTS = {
    Verdict.BETTER: mark("better"),
    Verdict.EQUAL: mark("equal"),
    Verdict.WORSE: mark("worse"),
}
SIGNS = {Verdict.BETTER: "▲", Verdict.EQUAL: "=", Verdict.WORSE: "▼"}


def title(language: Language, name: MeasureName) -> str:
    return say(language, TITLES[name])


def verdict_word(language: Language, verdict: Verdict) -> str:
    return say(language, VERDICTS[verdict])


def value_text(measure: Measure, value: float) -> str:
    """A value in few characters: shares as percent, all else with three figures."""
    if measure.unit is Unit.SHARE:
        return f"{100 * value:.1f}%" if 0 < value < 0.1 else f"{100 * value:.0f}%"
    return f"{value:.3f}" if measure.unit is Unit.NATS else f"{value:.3g}"


def change_text(measure: Measure, value: float) -> str:
    """A difference with its sign; that of shares in percentage points."""
    if measure.unit is Unit.SHARE:
        return f"{100 * value:+.1f}"
    return f"{value:+.3f}" if measure.unit is Unit.NATS else f"{value:+.3g}"
