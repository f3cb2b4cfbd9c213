"""The engine process under its clients: found, shared, killed, hung, replaced, and leaving.

The tests share a data folder: each takes the process that it finds there, or starts one.
"""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from contextlib import aclosing, suppress
from pathlib import Path

import psutil
import pytest

from tests.tutor.engine.conformance import ask, eventually, text_of
from tutor.engine.client import LocalEngine
from tutor.engine.contract import EngineUnavailable, FinishReason, ModelUnusable

LONG = ask("And why, xylophone-7, is that so?", max_tokens=500)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    yield folder
    with suppress(FileNotFoundError, ProcessLookupError):
        os.kill(pid_of(folder), signal.SIGKILL)


@pytest.fixture
async def start(data_dir, tiny_model, monkeypatch):
    """Makes engines that are closed at the end of the test."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("DISCORD_TOKEN", "secret-1")
    monkeypatch.setenv("DAOSHI_SECRET_KEY", "secret-2")
    made = []

    def make(model=tiny_model, folder=data_dir, **options):
        made.append(LocalEngine(folder, str(model), **({"idle_seconds": 2} | options)))
        return made[-1]

    yield make
    for engine in made:
        await engine.close()


def pid_of(data_dir: Path) -> int:
    return int((data_dir / "engine" / "engine.pid").read_text())


async def gone(pid: int) -> bool:
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    return True


async def test_clients_that_come_at_once_share_one_process(start, data_dir):
    engines = [start() for _ in range(4)]
    texts = await asyncio.gather(*(text_of(engine, ask()) for engine in engines))
    assert len(set(texts)) == 1
    pids = {(await engine._working_link()).hello.pid for engine in engines}
    assert pids == {pid_of(data_dir)}


async def test_secrets_of_the_platforms_do_not_reach_the_process(start, data_dir):
    await text_of(start(), ask())
    inherited = psutil.Process(pid_of(data_dir)).environ()
    assert not {"DISCORD_TOKEN", "DAOSHI_SECRET_KEY"} & inherited.keys()


async def test_killed_process_fails_its_answers_kindly_and_comes_back(
    start, data_dir, tiny_adapters
):
    """In mid-answer, with its socket left behind; afterwards even the adapters are there again."""
    engine = start()
    await engine.ensure_adapter("v1", str(tiny_adapters[1]))
    before = await text_of(engine, ask(adapter="v1"))
    pid = pid_of(data_dir)
    with pytest.raises(EngineUnavailable):
        async with aclosing(engine.stream(LONG)) as deltas:
            async for delta in deltas:
                if delta.text:
                    os.kill(pid, signal.SIGKILL)
    assert (data_dir / "engine/engine.sock").exists()
    assert await text_of(engine, ask(adapter="v1")) == before
    assert pid_of(data_dir) != pid


async def test_hung_process_is_replaced_and_the_request_that_had_not_begun_survives(
    start, data_dir
):
    engine = start(hang_seconds=1.0)
    expected = await text_of(engine, ask())
    pid = pid_of(data_dir)
    os.kill(pid, signal.SIGSTOP)
    assert await text_of(engine, ask()) == expected
    assert await gone(pid)


async def test_sigterm_lets_the_running_answer_finish_while_the_next_waits_for_a_new_process(
    start, data_dir
):
    engine = start()
    whole, short = await text_of(engine, LONG), await text_of(engine, ask())
    pid = pid_of(data_dir)
    text, following = "", None
    async with aclosing(engine.stream(LONG)) as deltas:
        async for delta in deltas:
            if following is None:
                os.kill(pid, signal.SIGTERM)
                following = asyncio.create_task(text_of(engine, ask()))
            text += delta.text
    assert text == whole and delta.finish is FinishReason.LENGTH
    assert await following == short


async def test_other_model_is_refused_by_a_busy_process_and_replaces_an_idle_one(
    start, data_dir, tiny_model, tmp_path
):
    other = Path(shutil.copytree(tiny_model, tmp_path / "other-model"))
    first = start()
    await text_of(first, ask())
    with pytest.raises(ModelUnusable, match="another program"):
        await text_of(start(other), ask())
    await first.close()
    third = start(other)
    assert await text_of(third, ask())
    assert (await third.capabilities()).model == str(other)


async def test_process_leaves_when_nobody_has_been_there_for_a_while(start, data_dir):
    engine = start()
    await text_of(engine, ask())
    pid = pid_of(data_dir)
    await engine.close()
    await eventually(lambda: gone(pid))
    assert not (data_dir / "engine/engine.sock").exists()


async def test_model_that_is_missing_is_explained_at_once(start, tmp_path):
    engine = start(tmp_path / "no-such-folder", folder=tmp_path)
    with pytest.raises(ModelUnusable, match="no model folder"):
        await text_of(engine, ask())
    health = await engine.health()
    assert not health.ready and "DAOSHI_MODEL" in health.detail


def test_no_word_of_a_learner_has_reached_the_logs(data_dir):
    logs = "".join(path.read_text() for path in (data_dir / "logs").iterdir())
    assert "Listening" in logs and "xylophone" not in logs and "sky" not in logs


def test_connecting_loads_neither_torch_nor_transformers_nor_the_web_client():
    code = (
        "import sys, pathlib, tutor.engine.connect as c, tempfile\n"
        "c.connect(data_dir=pathlib.Path(tempfile.mkdtemp()), model='', engine_url='',"
        " engine_api_key='')\n"
        "print([m for m in ('torch', 'transformers', 'aiohttp', 'peft') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
