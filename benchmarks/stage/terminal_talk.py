"""`daoshi chat --json` as a program uses it: a process that answers line by line."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from benchmarks.stage.serving import command

ANSWER_SECONDS = 120.0
LONGEST_LINE = 1 << 22


@dataclass
class TerminalTalk:
    """`environment` holds the settings. What the program says beside its answers is dropped."""

    environment: Mapping[str, str]
    learner: str
    language: str

    async def __aenter__(self) -> Self:
        arguments = ("chat", "--json", "--learner", self.learner, "--lang", self.language)
        self._process = await asyncio.create_subprocess_exec(
            command(),
            *arguments,
            env=dict(self.environment),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=LONGEST_LINE,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), ANSWER_SECONDS)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    async def say(self, line: str) -> dict[str, Any]:
        """One line, and the object that answers it."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(line.encode() + b"\n")
        await self._process.stdin.drain()
        answer = await asyncio.wait_for(self._process.stdout.readline(), ANSWER_SECONDS)
        assert answer, f"the program ended at {line!r}"
        shown: dict[str, Any] = json.loads(answer)
        return shown
