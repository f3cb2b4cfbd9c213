"""Dates and times as teachers type them, in English and Chinese. Pure: the clock is an argument.

ISO dates and times, times of day, weekdays, "tomorrow 14:00", "in 2 hours", "3天后", "下周五",
"12月1日". Two of them make a span. Everything is read in the teacher's time zone and comes out in
UTC.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LAST_MINUTE = time(23, 59)
_DASH = re.compile(r"\s*(?:–|—|~|～|\s-\s|\bto\b|\buntil\b|至|到)\s*", re.IGNORECASE)
_NOW = {"now", "现在", "立即"}
_DAYS = {"today": 0, "今天": 0, "tomorrow": 1, "明天": 1, "后天": 2}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAY = re.compile(
    r"(next\s+|下)?(?:(mon|tue|wed|thu|fri|sat|sun)[a-z]*|(?:周|星期|礼拜)([一二三四五六日天]))"
)
_CLOCK = re.compile(r"(?:at\s+)?(上午|下午|晚上)?(\d{1,2})(?:[:：](\d{2})|点(半)?)(?:\s*(am|pm))?$")
_ISO = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_CHINESE_DAY = re.compile(r"(\d{1,2})月(\d{1,2})[日号]")
_ENGLISH_DAY = re.compile(
    r"(?:(\d{1,2})\.?\s+([a-z]{3,9})|([a-z]{3,9})\s+(\d{1,2}))(?:,?\s+(\d{4}))?"
)
_AFTER = re.compile(
    r"(?:in\s+|\+)?(\d{1,4})\s*(m|min|minutes?|分钟|h|hours?|个?小时|d|days?|天|w|weeks?|周)(?:后|later)?"
)
_UNITS = {"m": "minutes", "分": "minutes", "h": "hours", "小": "hours", "个": "hours"}
_UNITS |= {"d": "days", "天": "days", "w": "weeks", "周": "weeks"}


@dataclass(frozen=True, slots=True)
class Span:
    """In UTC; without `ends_at` it goes on until further notice."""

    starts_at: datetime
    ends_at: datetime | None


class DateUnreadable(ValueError):
    """What was typed is no time that we understand; its only argument is what was typed."""


def zone_named(name: object) -> ZoneInfo:
    """The time zone with this IANA name, UTC where there is none like it."""
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def parse_span(since: str, until: str, now: datetime, zone: ZoneInfo) -> Span:
    """`since` may hold both, with a dash between them. Empty means now, and no end.

    Raises DateUnreadable, also where the end is not after the start or lies in the past.
    """
    if since and not until:
        parts = _DASH.split(since.strip(), maxsplit=1)
        since, until = (parts[0], parts[1]) if len(parts) == 2 else (since, until)
    starts_at = parse_time(since, now, zone) if since.strip() else now
    if not until.strip():
        return Span(starts_at, None)
    ends_at = parse_time(until, now, zone, after=starts_at)
    if ends_at <= max(starts_at, now):
        raise DateUnreadable(until)
    return Span(starts_at, ends_at)


def parse_time(
    typed: str, now: datetime, zone: ZoneInfo, *, after: datetime | None = None
) -> datetime:
    """`after` is the start where `typed` is an end: then a day means its last minute, a time of
    day is on the day of the start, and "2 hours" counts from there."""
    text = " ".join(typed.lower().split())
    start = after or now
    if text in _NOW:
        return now
    if match := _AFTER.fullmatch(text):
        return start + timedelta(**{_UNITS[match[2][0]]: int(match[1])})
    day, rest = _leading_day(text, now.astimezone(zone).date(), typed)
    if day is None:
        day = start.astimezone(zone).date()
        rest = text
        if not rest:
            raise DateUnreadable(typed)
    clock = _clock(rest, typed) if rest else (LAST_MINUTE if after else time(0))
    return datetime.combine(day, clock, zone).astimezone(UTC)


def _leading_day(text: str, today: date, typed: str) -> tuple[date | None, str]:
    """The day that a text begins with, and what follows it."""
    for word, days in _DAYS.items():
        if text.startswith(word):
            return today + timedelta(days), text[len(word) :].strip()
    if match := _WEEKDAY.match(text):
        return _weekday(match, today), text[match.end() :].strip()
    for pattern, read in ((_ISO, _iso), (_CHINESE_DAY, _month_day), (_ENGLISH_DAY, _english)):
        if match := pattern.match(text):
            try:
                return read(match, today), text[match.end() :].lstrip(" t,")
            except ValueError as error:
                raise DateUnreadable(typed) from error
    return None, text


def _weekday(match: re.Match[str], today: date) -> date:
    """The next such day, today excluded; "next" and 下 mean that of the following week."""
    if match[3]:
        wanted = "一二三四五六日".index(match[3].replace("天", "日"))
    else:
        wanted = next(n for n, name in enumerate(_WEEKDAYS) if name.startswith(match[2]))
    if match[1]:
        return today + timedelta(7 - today.weekday() + wanted)
    return today + timedelta((wanted - today.weekday() - 1) % 7 + 1)


def _iso(match: re.Match[str], today: date) -> date:
    return date(int(match[1]), int(match[2]), int(match[3]))


def _month_day(match: re.Match[str], today: date) -> date:
    return _coming(int(match[1]), int(match[2]), today)


def _english(match: re.Match[str], today: date) -> date:
    month = _MONTHS.index((match[2] or match[3])[:3]) + 1
    day = int(match[1] or match[4])
    return date(int(match[5]), month, day) if match[5] else _coming(month, day, today)


def _coming(month: int, day: int, today: date) -> date:
    """Without a year: this year's, or next year's where that is over."""
    this_year = date(today.year, month, day)
    return this_year if this_year >= today else date(today.year + 1, month, day)


def _clock(text: str, typed: str) -> time:
    match = _CLOCK.match(text)
    if match is None:
        raise DateUnreadable(typed)
    hour, minute = int(match[2]), int(match[3] or (30 if match[4] else 0))
    if (match[1] in ("下午", "晚上") or match[5] == "pm") and hour < 12:
        hour += 12
    if match[5] == "am" and hour == 12:
        hour = 0
    if hour > 23 or minute > 59:
        raise DateUnreadable(typed)
    return time(hour, minute)
