"""Attachments that are too large, empty, wrongly named, locked or made to hurt."""

import zipfile
from collections.abc import Mapping
from io import BytesIO

import psutil

from benchmarks.stage.learners import Learner
from benchmarks.stage.stage import Stage
from benchmarks.stage.verdict import Verdict
from tests.doubles import documents

MIB = 1024 * 1024
ANSWER_SECONDS = 120.0
MOST_GROWTH_MIB = 400
STATUS_MARK = "-# "


def bad_files() -> Mapping[str, tuple[str, bytes]]:
    """A file name and its content for each kind of trouble."""
    return {
        "25 MiB of text": ("large.txt", b"many words " * (25 * MIB // 11)),
        "an empty file": ("empty.txt", b""),
        "an empty PDF": ("empty.pdf", b""),
        "a PDF named as a picture": ("photo.png", documents.pdf(["What is hidden here"])),
        "a picture named as a PDF": ("paper.pdf", documents.photo("3x + 5 = 20")),
        "a program named as text": ("notes.txt", b"\x7fELF" + bytes(range(256)) * 40),
        "an encrypted PDF": ("locked.pdf", documents.encrypted_pdf("secret")),
        "an encrypted archive": ("locked.zip", encrypted_zip()),
        "a zip bomb": ("bomb.zip", zip_bomb()),
        "a zip bomb named as a document": ("bomb.docx", documents.word_bomb()),
        "a PDF bomb": ("bomb.pdf", documents.pdf_bomb()),
        "a picture bomb": ("bomb.png", documents.picture_bomb()),
        "a broken PDF": ("broken.pdf", documents.pdf(["half"])[:200]),
    }


async def judge_files(verdict: Verdict, scene: Stage) -> None:
    """Each gets one reply that says something, and the process stays alive and small."""
    assert scene.serve.process is not None
    before = psutil.Process(scene.serve.process.pid).memory_info().rss
    for name, (file, content) in bad_files().items():
        learner = scene.on_discord()
        await scene.platforms.discord.dm(learner.user, "", files={file: content})
        await scene.platforms.until(lambda who=learner: _final(who), ANSWER_SECONDS)  # type: ignore[misc]
        texts = _final(learner)
        measured = " ".join(texts[0].split())[:90] if texts else "no word"
        verdict.check(name, measured, len(texts) == 1 and bool(texts[0].strip()))
    grown = (psutil.Process(scene.serve.process.pid).memory_info().rss - before) // MIB
    verdict.check("memory that it took", f"{grown} MiB more", grown < MOST_GROWTH_MIB)


def _final(learner: Learner) -> list[str]:
    """What was said, apart from the small print that says what is going on."""
    return [shown.text for shown in learner.seen() if not shown.text.startswith(STATUS_MARK)]


def zip_bomb() -> bytes:
    """Half a gigabyte of nothing in half a megabyte."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(8):
            archive.writestr(f"{number}.txt", bytes(64 * MIB))
    return packed.getvalue()


def encrypted_zip() -> bytes:
    """An archive whose only entry is marked as encrypted."""
    data = bytearray(documents.archive({"secret.txt": b"not to be read"}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    return bytes(data)
