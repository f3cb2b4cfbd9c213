"""Chooses the engine by the settings: a server of the operator's, else the local process."""

from pathlib import Path

from tutor.engine.client import LocalEngine
from tutor.engine.contract import Engine
from tutor.engine.progress import PreparationBar
from tutor.i18n import say
from tutor.language import Language


def connect(
    *,
    data_dir: Path,
    model: str,
    engine_url: str,
    engine_api_key: str,
    redact_remote: bool = True,
    language: Language = Language.ENGLISH,
) -> Engine:
    """The engine that the settings mean; nothing is started or connected before the first request.

    `redact_remote` keeps personal data from a server; `language` is that of the one sentence that
    the first start shows on standard error.
    """
    if engine_url:
        from tutor.engine.remote import RemoteEngine
        from tutor.safety.redacting import RedactingEngine

        remote = RemoteEngine(engine_url, engine_api_key, model)
        return RedactingEngine(remote) if redact_remote else remote
    bar = PreparationBar(say(language, "Preparing the language model (only this once)"))
    return LocalEngine(data_dir, model, on_progress=bar)
