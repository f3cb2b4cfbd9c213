"""Times as teachers type them, in both languages and in their time zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tutor.classes.dates import DateUnreadable, parse_span, zone_named

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)  # 17:30 in Shanghai
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("since", "until", "starts", "ends"),
    [
        ("", "", "11-23 17:30", None),
        ("2026-12-01", "2026-12-08", "12-01 00:00", "12-08 23:59"),
        ("tomorrow 14:00", "16:00", "11-24 14:00", "11-24 16:00"),
        ("今天 20:00", "2小时", "11-23 20:00", "11-23 22:00"),
        ("周五 9:00到周五 11:00", "", "11-27 09:00", "11-27 11:00"),
        ("fri", "next fri", "11-27 00:00", "12-04 23:59"),
        ("12月1日 下午3点", "12月1日 下午5点半", "12-01 15:00", "12-01 17:30"),
        ("Dec 1 9:00 to Dec 1 11:00", "", "12-01 09:00", "12-01 11:00"),
        ("2026/12/01 2:00 pm", "+90m", "12-01 14:00", "12-01 15:30"),
        ("20:00–21:00", "", "11-23 20:00", "11-23 21:00"),
    ],
)
def test_a_span_is_read(since: str, until: str, starts: str, ends: str | None) -> None:
    span = parse_span(since, until, MONDAY, SHANGHAI)
    assert f"{span.starts_at.astimezone(SHANGHAI):%m-%d %H:%M}" == starts
    assert (span.ends_at and f"{span.ends_at.astimezone(SHANGHAI):%m-%d %H:%M}") == ends


@pytest.mark.parametrize(
    ("since", "until"),
    [("blah", ""), ("25:00", ""), ("2026-02-30", ""), ("now", "2020-01-01"), ("20:00", "19:00")],
)
def test_what_is_no_time_to_come_is_refused(since: str, until: str) -> None:
    with pytest.raises(DateUnreadable):
        parse_span(since, until, MONDAY, SHANGHAI)


def test_an_unknown_zone_is_utc() -> None:
    assert zone_named("Middle-earth/Shire").key == "UTC"
