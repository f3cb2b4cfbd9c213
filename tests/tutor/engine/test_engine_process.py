"""The engine process under its clients: found, shared, killed, hung, replaced, and leaving."""

import asyncio
import json
import os
import signal
import stat
import subprocess
import sys
from contextlib import aclosing
from pathlib import Path

import psutil
import pytest

from tests.tutor.engine.conformance import ask, collect, eventually, text_of
from tutor.engine.client import LocalEngine
from tutor.engine.contract import EngineUnavailable, FinishReason, ModelUnusable
from tutor.engine.endpoint import UNIX_PATH_BYTES, EndpointUnsafe, endpoint_of
from tutor.engine.wire import pack

LONG = ask(max_tokens=550)


@pytest.fixture
async def start(tmp_path, tiny_model, monkeypatch):
    """Makes engines on one data folder; whatever they started is gone at the end."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    made = []

    def make(model=tiny_model, data_dir=tmp_path / "data", **options):
        engine = LocalEngine(data_dir, str(model), **({"idle_seconds": 0.5} | options))
        made.append((engine, data_dir))
        return engine

    yield make
    for engine, _ in made:
        await engine.close()
    for _, data_dir in made:
        with_pid = data_dir / "engine" / "engine.pid"
        if with_pid.exists() and psutil.pid_exists(int(with_pid.read_text())):
            os.kill(int(with_pid.read_text()), signal.SIGKILL)


def pid_of(data_dir: Path) -> int:
    return int((data_dir / "engine" / "engine.pid").read_text())


async def gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


async def test_killed_in_mid_answer_fails_kindly_and_the_next_request_succeeds(start, tmp_path):
    engine = start()
    before = await text_of(engine, ask())
    pid = pid_of(tmp_path / "data")
    with pytest.raises(EngineUnavailable):
        async with aclosing(engine.stream(LONG)) as deltas:
            async for delta in deltas:
                if delta.text:
                    os.kill(pid, signal.SIGKILL)
    assert (tmp_path / "data/engine/engine.sock").exists(), "the killed process left its socket"
    assert await text_of(engine, ask()) == before
    assert pid_of(tmp_path / "data") != pid


async def test_request_that_had_not_begun_survives_a_crash(start, tmp_path):
    engine = start()
    expected = await text_of(engine, ask())
    os.kill(pid_of(tmp_path / "data"), signal.SIGKILL)
    assert await text_of(engine, ask()) == expected


async def test_adapters_are_back_after_a_crash(start, tmp_path, tiny_adapters):
    engine = start()
    await engine.ensure_adapter("v1", str(tiny_adapters[1]))
    expected = await text_of(engine, ask(adapter="v1"))
    os.kill(pid_of(tmp_path / "data"), signal.SIGKILL)
    assert await text_of(engine, ask(adapter="v1")) == expected


async def test_hung_process_is_replaced(start, tmp_path):
    engine = start(hang_seconds=1.0)
    expected = await text_of(engine, ask())
    pid = pid_of(tmp_path / "data")
    os.kill(pid, signal.SIGSTOP)
    assert await text_of(engine, ask()) == expected
    assert await gone(pid)


async def test_clients_that_come_at_once_share_one_process(start, tmp_path):
    engines = [start() for _ in range(4)]
    texts = await asyncio.gather(*(text_of(engine, ask()) for engine in engines))
    assert len(set(texts)) == 1
    pids = {(await engine._working_link()).hello.pid for engine in engines}
    assert pids == {pid_of(tmp_path / "data")}


async def test_client_that_goes_away_takes_its_requests_with_it(start):
    leaving, staying = start(), start()
    await text_of(staying, ask())
    stream = leaving.stream(LONG)
    await anext(stream)
    await leaving.close()
    with pytest.raises(EngineUnavailable):
        async for _ in stream:
            pass

    async def idle() -> bool:
        return (await staying.health()).running == 0

    await eventually(idle)
    assert (await collect(staying, ask()))[-1].finish is not None


async def test_process_leaves_when_nobody_has_been_there_for_a_while(start, tmp_path):
    engine = start(idle_seconds=0.2)
    await text_of(engine, ask())
    pid = pid_of(tmp_path / "data")
    await engine.close()
    await eventually(lambda: gone(pid))
    assert not (tmp_path / "data/engine/engine.sock").exists()


async def test_sigterm_lets_the_running_answer_finish(start, tmp_path):
    engine = start()
    whole = await text_of(engine, LONG)
    pid = pid_of(tmp_path / "data")
    text = ""
    async with aclosing(engine.stream(LONG)) as deltas:
        async for delta in deltas:
            if not text:
                os.kill(pid, signal.SIGTERM)
            text += delta.text
    assert text == whole and delta.finish is FinishReason.LENGTH
    await eventually(lambda: gone(pid))
    assert await text_of(engine, ask())


async def test_other_model_replaces_an_idle_process_and_is_refused_by_a_busy_one(
    start, tmp_path, tiny_model
):
    import shutil

    other = Path(shutil.copytree(tiny_model, tmp_path / "other-model"))
    first = start()
    await text_of(first, ask())
    second = start(other)
    with pytest.raises(ModelUnusable, match="another program"):
        await text_of(second, ask())
    await first.close()
    third = start(other)
    assert await text_of(third, ask())
    assert (await third.capabilities()).model == str(other)


async def test_nonsense_on_the_socket_harms_nobody(start, tmp_path):
    engine = start()
    await text_of(engine, ask())
    place = endpoint_of(tmp_path / "data")
    for nonsense in (b"GET / HTTP/1.1\r\n\r\n", b"\xff\xff\xff\xff", pack({"id": 1}), b""):
        reader, writer = await asyncio.open_unix_connection(place.unix_path)
        writer.write(nonsense)
        writer.write_eof()
        await reader.read()
        writer.close()
    assert await text_of(engine, ask())


async def test_only_the_owner_can_reach_the_socket(start, tmp_path):
    await text_of(start(), ask())
    place = endpoint_of(tmp_path / "data")
    assert stat.S_IMODE(place.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(place.unix_path.stat().st_mode) == 0o600


async def test_long_data_folder_gets_a_short_socket(start, tmp_path):
    deep = tmp_path / ("a-very-long-name-" * 5) / ("another-" * 10)
    place = endpoint_of(deep)
    assert len(os.fsencode(place.unix_path)) <= UNIX_PATH_BYTES
    assert place.unix_path == endpoint_of(deep).unix_path != endpoint_of(deep / "x").unix_path
    assert await text_of(start(data_dir=deep), ask())


def test_socket_folder_that_is_a_link_is_not_trusted(tmp_path):
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "engine").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(EndpointUnsafe):
        endpoint_of(tmp_path / "data")


async def test_loopback_tcp_needs_the_token_of_the_owners_file(start, tmp_path):
    engine = start(unix=False)
    assert await text_of(engine, ask())
    address = tmp_path / "data/engine/address.json"
    assert stat.S_IMODE(address.stat().st_mode) == 0o600
    port = json.loads(address.read_text())["port"]
    for token in ("", "guessed"):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(pack({"token": token}) + pack({"id": 1, "op": "capabilities"}))
        assert await reader.read() == b""
        writer.close()


async def test_model_that_is_missing_is_explained_at_once(start, tmp_path):
    engine = start(tmp_path / "no-such-folder")
    with pytest.raises(ModelUnusable, match="no model folder"):
        await text_of(engine, ask())
    health = await engine.health()
    assert not health.ready and "DAOSHI_MODEL" in health.detail


async def test_secrets_of_the_platforms_do_not_reach_the_process(start, tmp_path, monkeypatch):
    monkeypatch.setenv("DISCORD_TOKEN", "secret-1")
    monkeypatch.setenv("DAOSHI_SECRET_KEY", "secret-2")
    await text_of(start(), ask())
    inherited = psutil.Process(pid_of(tmp_path / "data")).environ()
    assert not {"DISCORD_TOKEN", "DAOSHI_SECRET_KEY"} & inherited.keys()


async def test_no_word_of_a_learner_reaches_the_log(start, tmp_path):
    engine = start()
    await collect(engine, ask("My secret word is xylophone-7."))
    with pytest.raises(EngineUnavailable):
        async with aclosing(engine.stream(ask("xylophone-7 again", max_tokens=550))) as deltas:
            async for _ in deltas:
                os.kill(pid_of(tmp_path / "data"), signal.SIGKILL)
    await engine.close()
    logs = "".join(path.read_text() for path in (tmp_path / "data/logs").iterdir())
    assert "Listening" in logs and "xylophone" not in logs


def test_connecting_loads_neither_torch_nor_transformers_nor_the_web_client():
    code = (
        "import sys, pathlib, tutor.engine.connect as c, tempfile\n"
        "c.connect(data_dir=pathlib.Path(tempfile.mkdtemp()), model='', engine_url='',"
        " engine_api_key='')\n"
        "print([m for m in ('torch', 'transformers', 'aiohttp', 'peft') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
