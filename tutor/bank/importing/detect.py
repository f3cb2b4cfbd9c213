"""Which format a file is in, by what it holds; its name only decides between kinds of text."""

import gzip
import json
import tarfile
import zipfile
import zlib
from enum import StrEnum
from pathlib import Path

from tutor.bank.importing.csv_table import has_header
from tutor.bank.importing.report import ImportRefused
from tutor.i18n import mark

HEAD_BYTES = 65_536
ANKI_COLLECTIONS = ("collection.anki2", "collection.anki21", "collection.anki21b")
GIFT_SIGNS = ("{=", "{~", "{#", "{T}", "{F}", "{TRUE}", "{FALSE}", "::", "$CATEGORY:")


class Format(StrEnum):
    OATUTOR = "oatutor"
    GSM8K = "gsm8k"
    CSV = "csv"
    MOODLE = "moodle"
    GIFT = "gift"
    ANKI = "anki"


def detect(path: Path, name: str = "") -> Format:
    """The format of a file or folder; `name` is what it was called where it came from.

    Raises ImportRefused with a sentence that names the formats there are.
    """
    if path.is_dir():
        return Format.OATUTOR
    name = (name or path.name).lower()
    if zipfile.is_zipfile(path):
        return _of_zip(path)
    head = _head(path)
    if head.startswith(b"\x1f\x8b"):
        return _of_gzip(path)
    if tarfile.is_tarfile(path):
        return Format.OATUTOR
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _unknown(name)
    return _of_text(head.decode("utf-8", "replace").lstrip("\ufeff \r\n\t"), name)


def _of_zip(path: Path) -> Format:
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
    return Format.ANKI if names & set(ANKI_COLLECTIONS) else Format.OATUTOR


def _of_gzip(path: Path) -> Format:
    try:
        with gzip.open(path) as file:
            head = file.read(HEAD_BYTES)
    except (OSError, EOFError, zlib.error) as error:
        message = mark("The file {name} is damaged or incomplete. Download or pack it again.")
        raise ImportRefused(message, name=path.name) from error
    return Format.GSM8K if _is_gsm8k(head.decode("utf-8", "replace")) else Format.OATUTOR


def _of_text(head: str, name: str) -> Format:
    if _is_gsm8k(head):
        return Format.GSM8K
    if head.startswith("<") and "<quiz" in head:
        return Format.MOODLE
    if name.endswith((".csv", ".tsv")):
        return Format.CSV
    if name.endswith(".gift") or any(sign in head for sign in GIFT_SIGNS):
        return Format.GIFT
    if has_header(head.partition("\n")[0]):
        return Format.CSV
    raise _unknown(name)


def _is_gsm8k(head: str) -> bool:
    """Whether the first line is a JSON object with a question and an answer."""
    line = head.lstrip("\ufeff \r\n\t").partition("\n")[0]
    if not line.startswith("{"):
        return False
    try:
        first = json.loads(line)
    except ValueError:
        return '"question"' in line and '"answer"' in line  # cut off, or broken: its reader says so
    return isinstance(first, dict) and {"question", "answer"} <= first.keys()


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def _unknown(name: str) -> ImportRefused:
    message = mark(
        "{name} is in no format that can be imported: OATutor (folder, .zip, .tar.gz), GSM8K "
        "(.jsonl), CSV with columns question and answer, Moodle XML, GIFT, or Anki (.apkg)."
    )
    return ImportRefused(message, name=name)
