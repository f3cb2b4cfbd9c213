"""The text model: does the engine answer, on which device, and which model fits this machine?"""

import shutil
import subprocess

import psutil

from bot.doctor.finding import Finding, Level
from bot.settings import Settings
from tutor.engine.connect import connect
from tutor.engine.contract import EngineError, ModelUnusable
from tutor.engine.embedded import NAME
from tutor.engine.recommendations import Recommendation, recommend
from tutor.i18n import say
from tutor.language import Language

GB = 10**9
QUERY = ("--query-gpu=name,memory.total", "--format=csv,noheader,nounits")
MIB = 2**20


async def engine(settings: Settings, language: Language, *, asleep: bool) -> list[Finding]:
    """What answers now (unless it is left asleep), and what could."""
    present = _named(settings, language) if asleep else await _asked(settings, language)
    return [present, *_advice(settings, language)]


def _named(settings: Settings, language: Language) -> Finding:
    return Finding(say(language, "Language model"), Level.OK, settings.model or NAME)


async def _asked(settings: Settings, language: Language) -> Finding:
    """Starts the engine if it is not running, and lets it load its model."""
    area = say(language, "Language model")
    model = connect(
        data_dir=settings.data_dir,
        model=settings.model,
        engine_url=settings.engine_url,
        engine_api_key=settings.engine_api_key.get_secret_value(),
        language=language,
    )
    try:
        found = await model.capabilities()
    except ModelUnusable as error:
        remedy = say(language, "Name another model in DAOSHI_MODEL.")
        return Finding(area, Level.BROKEN, say(language, error.sentence, **error.fields), remedy)
    except EngineError as error:
        text = say(language, "It does not answer: {reason}", reason=error)
        remedy = (
            say(language, "Check DAOSHI_ENGINE_URL, and whether that server runs.")
            if settings.engine_url
            else say(language, "See engine.log in {folder}.", folder=settings.data_dir / "logs")
        )
        return Finding(area, Level.BROKEN, text, remedy)
    finally:
        await model.close()
    text = say(
        language,
        "{model} answers on {device}; it reads up to {tokens} tokens",
        model=found.model or NAME,
        device=found.device,
        tokens=found.context_tokens,
    )
    return Finding(area, Level.OK, text)


def _advice(settings: Settings, language: Language) -> list[Finding]:
    """The recommendation for this machine; silent where a server elsewhere does the work."""
    if settings.engine_url:
        return []
    cards = _graphics_cards()
    area = say(language, "Memory")
    total = psutil.virtual_memory().total
    named = ", ".join(f"{name} ({memory / GB:.0f} GB)" for name, memory in cards)
    text = say(
        language,
        "{memory} GB; graphics card: {cards}",
        memory=round(total / GB),
        cards=named or say(language, "none"),
    )
    memory = max((card for _, card in cards), default=total)
    fitting = recommend(memory, cuda=bool(cards))
    return [Finding(area, Level.OK, text), _recommended(fitting, settings, language)]


def _recommended(fitting: Recommendation, settings: Settings, language: Language) -> Finding:
    measured = (
        say(language, "measured by this project")
        if fitting.measured
        else say(language, "not measured by this project")
    )
    text = say(
        language,
        "{name} in {weights}: needs {memory} GB, licence {licence}, {measured}",
        name=fitting.name,
        weights=fitting.weights,
        memory=round(fitting.memory_bytes / GB),
        licence=fitting.licence,
        measured=measured,
    )
    area = say(language, "Fits this machine")
    if settings.model == fitting.model:
        return Finding(area, Level.OK, text)
    remedy = f"DAOSHI_MODEL={fitting.model}" if fitting.model and not settings.model else ""
    return Finding(area, Level.NOTE if remedy else Level.OK, text, remedy)


def _graphics_cards() -> list[tuple[str, int]]:
    """NVIDIA cards with their memory in bytes; asks the driver, so that torch stays unloaded."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    try:
        answer = subprocess.run(  # noqa: S603 - the driver's own program
            [program, *QUERY], capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return []
    rows = [line.rsplit(",", 1) for line in answer.stdout.splitlines() if "," in line]
    return [(name.strip(), int(float(memory)) * MIB) for name, memory in rows]
