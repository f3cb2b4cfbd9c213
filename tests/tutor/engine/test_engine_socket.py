"""The engine's server in the test's own process: who may connect, and who disturbs whom."""

import argparse
import asyncio
import json
import os
import shutil
import stat
from contextlib import aclosing, asynccontextmanager

import pytest

from tests.tutor.engine.conformance import ask, collect, eventually, text_of
from tutor.engine import endpoint
from tutor.engine.__main__ import _model_thread
from tutor.engine.client import LocalEngine
from tutor.engine.contract import EngineUnavailable
from tutor.engine.endpoint import UNIX_PATH_BYTES, EndpointUnsafe, endpoint_of
from tutor.engine.launch import build_of_code
from tutor.engine.process.server import Server
from tutor.engine.wire import pack


@pytest.fixture
async def serve(tiny_model):
    """Serves a data folder; gives a function that makes clients of it."""

    @asynccontextmanager
    async def serving(data_dir, unix=True):
        place = endpoint_of(data_dir, unix=unix)
        server = Server(str(tiny_model), build_of_code(), "")
        listener, server.token = await endpoint.serve(place, server.handle)
        options = argparse.Namespace(model=str(tiny_model), data_dir=data_dir)
        _model_thread(server, options).start()
        clients = []

        def client():
            clients.append(LocalEngine(data_dir, str(tiny_model), unix=unix))
            return clients[-1]

        yield client
        await server.loaded
        for one in clients:
            await one.close()
        listener.close()
        await server.finish_running(5)
        endpoint.remove(place)

    return serving


async def test_client_that_goes_away_takes_its_requests_with_it(serve, tmp_path):
    async with serve(tmp_path) as client:
        leaving, staying = client(), client()
        await text_of(staying, ask())
        async with aclosing(leaving.stream(ask(max_tokens=500))) as stream:
            await anext(stream)
            await leaving.close()
            with pytest.raises(EngineUnavailable):
                async for _ in stream:
                    pass

        async def idle() -> bool:
            return (await staying.health()).running == 0

        await eventually(idle)
        assert (await collect(staying, ask()))[-1].finish is not None


async def test_nonsense_on_the_socket_harms_nobody(serve, tmp_path):
    async with serve(tmp_path) as client:
        engine = client()
        await text_of(engine, ask())
        path = endpoint_of(tmp_path).unix_path
        hello = pack({"token": ""})
        lies = [b"GET / HTTP/1.1\r\n\r\n", b"\xff" * 4, b"", hello + b"\x00\x00\x00\x02[]"]
        lies += [hello + pack(frame) for frame in ({"id": 1}, {"op": "stream"}, {"id": "x"})]
        for nonsense in lies:
            reader, writer = await asyncio.open_unix_connection(path)
            writer.write(nonsense)
            writer.write_eof()
            await reader.read()
            writer.close()
        assert await text_of(engine, ask())


async def test_only_the_owner_can_reach_the_socket(serve, tmp_path):
    async with serve(tmp_path):
        place = endpoint_of(tmp_path)
        assert stat.S_IMODE(place.folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(place.unix_path.stat().st_mode) == 0o600


async def test_long_data_folder_gets_a_short_socket(serve, tmp_path):
    deep = tmp_path / ("a-very-long-name-" * 5) / ("another-" * 10)
    place = endpoint_of(deep)
    assert len(os.fsencode(place.unix_path)) <= UNIX_PATH_BYTES
    assert place.unix_path == endpoint_of(deep).unix_path != endpoint_of(deep / "x").unix_path
    async with serve(deep) as client:
        assert await text_of(client(), ask())
    shutil.rmtree(place.unix_path.parent)
    endpoint_of(deep / "x").unix_path.parent.rmdir()


def test_socket_folder_that_is_a_link_is_not_trusted(tmp_path):
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "engine").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(EndpointUnsafe):
        endpoint_of(tmp_path / "data")


async def test_loopback_tcp_needs_the_token_of_the_owners_file(serve, tmp_path):
    async with serve(tmp_path, unix=False) as client:
        assert await text_of(client(), ask())
        address = tmp_path / "engine/address.json"
        assert stat.S_IMODE(address.stat().st_mode) == 0o600
        port = json.loads(address.read_text())["port"]
        for token in ("", "guessed", None):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(pack({"token": token}) + pack({"id": 1, "op": "capabilities"}))
            assert await reader.read() == b""
            writer.close()
