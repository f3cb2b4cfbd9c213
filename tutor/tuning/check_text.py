"""A check of a data set in words: what is in it, what was left out and why, and samples."""

from collections.abc import Iterator

from tutor.i18n import mark, say, say_count
from tutor.language import Language
from tutor.tuning.check import Check, Sample

ROWS_SHOWN = 5
SAMPLES_SHOWN = 3
SAMPLE_CHARACTERS = 600
LOSS_BEGINS, LOSS_ENDS = "⟦", "⟧"

_SCRUBBED = {
    "EMAIL": mark("e-mail addresses"),
    "PHONE": mark("telephone numbers"),
    "NAME": mark("names"),
    "ADDRESS": mark("addresses"),
    "ACCOUNT": mark("accounts"),
    "ID": mark("identity and card numbers"),
}


def check_text(language: Language, check: Check) -> str:
    """The whole check as markdown."""
    lines = [*_counts(language, check), *_left_out(language, check), *_samples(language, check)]
    return "\n".join(lines)


def _counts(language: Language, check: Check) -> Iterator[str]:
    yield say(
        language, "**Data set “{name}”, version {number}**", name=check.name, number=check.number
    )
    if check.withdrawn:
        yield say(
            language,
            "Somebody whose words were in it has withdrawn their consent: nothing may be trained "
            "on this version any more. Build a new one.",
        )
    yield say(
        language,
        "- {train} examples to train on ({train_groups} groups), {held_out} held out for the "
        "comparison ({held_out_groups} groups), from {read} rows",
        train=check.train,
        train_groups=check.train_groups,
        held_out=check.held_out,
        held_out_groups=check.held_out_groups,
        read=check.read,
    )
    for source in check.sources:
        yield say(
            language,
            "- Source {source}: {count} examples, licence: {licence}",
            source=source["source"],
            count=source["examples"],
            licence=source["licence"] or say(language, "not stated"),
        )
    if check.people:
        yield say_count(
            language,
            "- With the consent of {count} person",
            "- With the consent of {count} people",
            check.people,
        )
    yield say(
        language,
        "- {tokens} tokens, {with_loss} of them learnt; an example has {median} as a rule and "
        "{longest} at most (the limit is {limit})",
        tokens=check.tokens,
        with_loss=check.tokens_with_loss,
        median=check.median_length,
        longest=check.longest,
        limit=check.max_length,
    )


def _left_out(language: Language, check: Check) -> Iterator[str]:
    if check.exact_duplicates or check.near_duplicates:
        yield say(
            language,
            "- Left out as duplicates: {exact} the same, {near} nearly the same",
            exact=check.exact_duplicates,
            near=check.near_duplicates,
        )
    if check.scrubbed:
        kinds = ", ".join(
            f"{say(language, _SCRUBBED[kind]) if kind in _SCRUBBED else kind}: {count}"
            for kind, count in check.scrubbed.items()
        )
        yield say(language, "- Personal data replaced: {kinds}", kinds=kinds)
    if check.truncated_total:
        yield say_count(
            language,
            "- {count} example is cut off at the limit: {places}",
            "- {count} examples are cut off at the limit: {places}",
            check.truncated_total,
            places=_some(check.truncated),
        )
    if check.rejected_total:
        yield say_count(
            language,
            "- {count} row was rejected:",
            "- {count} rows were rejected:",
            check.rejected_total,
        )
        for row in check.rejected[:ROWS_SHOWN]:
            yield f"  - {row.place}: {row.reason.said(language)}"
        if check.rejected_total > ROWS_SHOWN:
            yield "  - …"


def _samples(language: Language, check: Check) -> Iterator[str]:
    if not check.samples:
        if check.people:
            yield say(language, "What people wrote in chats is not shown here.")
        return
    yield say(
        language,
        "**Samples** as the model sees them; it learns what stands between {begin} and {end}:",
        begin=LOSS_BEGINS,
        end=LOSS_ENDS,
    )
    for sample in check.samples[:SAMPLES_SHOWN]:
        yield f"```\n{_shown(sample)}\n```"


def _shown(sample: Sample) -> str:
    text = "".join(
        f"{LOSS_BEGINS}{part}{LOSS_ENDS}" if loss else part for part, loss in sample.parts
    ).replace("```", "'''")
    if len(text) <= SAMPLE_CHARACTERS:
        return text
    half = SAMPLE_CHARACTERS // 2
    return f"{text[:half]}\n…\n{text[-half:]}"


def _some(places: tuple[str, ...]) -> str:
    shown = ", ".join(places[:ROWS_SHOWN])
    return f"{shown}, …" if len(places) > ROWS_SHOWN else shown
