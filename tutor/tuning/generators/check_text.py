"""A check of pictures in words: how many of what, what was left out and why, what to look at."""

from collections.abc import Iterator

from tutor.i18n import say, say_count
from tutor.language import Language
from tutor.tuning.generators.check import PictureCheck

THINGS_SHOWN, ROWS_SHOWN, PAIRS_SHOWN = 24, 6, 4


def picture_check_text(language: Language, check: PictureCheck) -> str:
    """The whole check as markdown."""
    return "\n".join([*_counts(language, check), *_left_out(language, check), _look(language)])


def _counts(language: Language, check: PictureCheck) -> Iterator[str]:
    yield say(
        language, "**Pictures “{name}”, version {number}**", name=check.name, number=check.number
    )
    yield say(
        language,
        "- {pictures} pictures of {things} things ({held_out} of them held out for the report), "
        "from {read} files; licence: {licence}",
        pictures=check.pictures,
        things=len(check.things),
        held_out=check.held_out,
        read=check.read,
        licence=check.licence,
    )
    shown = ", ".join(
        f"{one.named(language)} {one.pictures}" for one in check.things[:THINGS_SHOWN]
    )
    yield f"- {shown}" + (", …" if len(check.things) > THINGS_SHOWN else "")
    yield say(
        language,
        "- They came with {least} to {most} pixels ({median} as a rule) and are kept with {size}",
        least=check.least_side,
        most=check.most_side,
        median=check.median_side,
        size=check.size,
    )
    if len(check.styles) > 1:
        yield say(language, "- Styles: {styles}", styles=", ".join(check.styles))


def _left_out(language: Language, check: PictureCheck) -> Iterator[str]:
    if check.enlarged:
        yield say_count(
            language,
            "- {count} is smaller than that and was enlarged",
            "- {count} are smaller than that and were enlarged",
            check.enlarged,
        )
    if check.animated:
        yield say_count(
            language,
            "- {count} is animated: its first picture was taken",
            "- {count} are animated: their first pictures were taken",
            check.animated,
        )
    if check.same or check.near:
        yield say(
            language,
            "- Left out as duplicates: {exact} the same, {near} nearly the same",
            exact=check.same,
            near=check.near,
        )
    if check.across:
        yield say(language, "- Nearly the same, but said to show different things:")
        yield from (f"  - {one} ≈ {other}" for one, other in check.across[:PAIRS_SHOWN])
    if check.ignored:
        yield say_count(
            language,
            "- {count} file that the system adds by itself was passed over",
            "- {count} files that the system adds by itself were passed over",
            check.ignored,
        )
    if check.rejected_total:
        yield say_count(
            language, "- {count} was rejected:", "- {count} were rejected:", check.rejected_total
        )
        for row in check.rejected[:ROWS_SHOWN]:
            yield f"  - {row.place}: {row.reason.said(language)}"
        if check.rejected_total > ROWS_SHOWN:
            yield "  - …"


def _look(language: Language) -> str:
    return say(
        language,
        "- A classifier looked for nakedness, and finds nothing else: no violence, no hate, no "
        "faces of people who were not asked. Please look at the pictures yourself before you train "
        "on them.",
    )
