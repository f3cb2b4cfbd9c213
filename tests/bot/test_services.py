"""The long-lived things behind the handlers."""

from pathlib import Path

from bot.wiring import now
from storage.database import Database
from tests.doubles.assembled import assembled
from tests.doubles.fake_engine import FakeEngine
from tutor import i18n
from tutor.language import Language
from tutor.safety import concern


async def test_warming_up_loads_what_the_first_messages_would_wait_for(
    database: Database, tmp_path: Path
) -> None:
    """Else the first people wait for patterns, catalogues and the verifier, one after the other."""
    i18n._catalogue.cache_clear()
    concern._rules.cache_clear()
    concern.find_concern.cache_clear()
    services = assembled(database, FakeEngine(), now, tmp_path)
    try:
        await services.warm_up()
    finally:
        await services.close()
    assert i18n._catalogue.cache_info().currsize == len(Language) - 1
    assert concern._rules.cache_info().currsize == 1
