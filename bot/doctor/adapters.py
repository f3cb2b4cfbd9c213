"""Trained adapters: does each that is in use fit the model that answers?"""

from bot.doctor.database import is_missing
from bot.doctor.finding import Finding, Level
from bot.settings import Settings
from bot.wiring import database_url
from storage import migrate
from storage.database import Database, DatabaseUrlInvalid, StorageUnavailable
from tutor.adapters.parked import parked, parked_sentence, retrain_sentence
from tutor.engine.connect import connect
from tutor.engine.contract import EngineError
from tutor.i18n import say
from tutor.language import Language


async def adapters(settings: Settings, language: Language) -> list[Finding]:
    """A note for each that is parked; silent where database or model is not there to ask."""
    url = database_url(settings)
    if is_missing(url):
        return []
    try:
        if (await migrate.status(url)).pending:
            return []
        database = await Database.open(url)
    except (StorageUnavailable, DatabaseUrlInvalid, migrate.SchemaTooNew):
        return []
    engine = connect(
        data_dir=settings.data_dir,
        model=settings.model,
        engine_url=settings.engine_url,
        engine_api_key=settings.engine_api_key.get_secret_value(),
        language=language,
    )
    try:
        present = await engine.capabilities()
        async with database.read() as session:
            found = await parked(session, present)
    except EngineError:
        return []
    finally:
        await engine.close()
        await database.close()
    area, remedy = say(language, "Adapters"), retrain_sentence(language)
    names = sorted({one.artifact.name for one in found if one.artifact})
    return [Finding(area, Level.NOTE, parked_sentence(name, language), remedy) for name in names]
