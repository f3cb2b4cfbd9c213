"""An adapter as one file: a zip of its configuration, its weights and its card, nothing else.

The same content always makes the same bytes. Whatever comes from outside is read by name and size
and never executed, unpickled or written anywhere but to the folder that is given.
"""

import json
import lzma
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

from tutor.adapters.refusals import AdapterUnsafe
from tutor.adapters.tensors import check_tensors
from tutor.engine.adapter_format import CONFIG as CONFIG
from tutor.engine.adapter_format import WEIGHTS as WEIGHTS
from tutor.i18n import mark

CARD = "card.json"
NAMES = (CONFIG, WEIGHTS, CARD)
PICKLES = (".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt")
MEDIA_TYPE = "application/zip"
EPOCH = (1980, 1, 1, 0, 0, 0)
MAX_BYTES = 2 * 2**30
MAX_JSON_BYTES = 4 * 2**20
MAX_MEMBERS = 64
MAX_RATIO = 16  # numbers hardly shrink: more is a file made to fill the memory
HARMLESS_BYTES = 2**20
UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError),
    *(NotImplementedError, RuntimeError, EOFError, OSError, ValueError),
)
REGULAR_FILE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of an adapter, read and checked as far as that goes without the model."""

    config: Mapping[str, Any]
    weights: bytes
    card: Mapping[str, Any]


def pack(folder: Path) -> bytes:
    """One file out of a peft folder with its card (an empty one where there is none)."""
    return packed(read_folder(folder))


def packed(package: Package) -> bytes:
    """The deterministic bytes: fixed order, dates and attributes, nothing compressed."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, data in (
            (CONFIG, _as_json(package.config)),
            (WEIGHTS, package.weights),
            (CARD, _as_json(package.card)),
        ):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = REGULAR_FILE
            entry.create_system = 3
            archive.writestr(entry, data)
    return target.getvalue()


def unpack(data: bytes, folder: Path) -> Package:
    """Writes a package's three files into a folder of their own."""
    package = read_zip(data)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / CONFIG).write_bytes(_as_json(package.config))
    (folder / WEIGHTS).write_bytes(package.weights)
    (folder / CARD).write_bytes(_as_json(package.card))
    return package


def read_folder(folder: Path) -> Package:
    """A peft folder as it is; other files in it are left where they are."""
    if not folder.is_dir():
        raise AdapterUnsafe(mark("There is no folder {folder}."), folder=str(folder))
    present = {path.name: path for path in folder.iterdir()}
    _check_names(list(present))
    for name in NAMES:
        path = present.get(name)
        if path is not None and (path.is_symlink() or not path.is_file()):
            raise AdapterUnsafe(
                mark("{name} is a link or no plain file. Put the file itself there."), name=name
            )
    sizes = {name: present[name].stat().st_size for name in NAMES if name in present}
    _check_sizes(sizes)
    return _package({name: present[name].read_bytes() for name in sizes})


def read_zip(data: bytes) -> Package:
    """A package, or a zip of a foreign peft folder: its files may lie in one folder inside."""
    if len(data) > MAX_BYTES:
        raise _too_large("zip")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = _members(archive)
            _check_sizes({name: entry.file_size for name, entry in members.items()})
            files = {name: _read(archive, entry) for name, entry in members.items()}
    except UNREADABLE as error:
        raise AdapterUnsafe(
            mark("This is no zip file that can be read. Pack the adapter's folder as a plain zip.")
        ) from error
    return _package(files)


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The adapter's files in an archive; refuses names that lead anywhere else."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MAX_MEMBERS:
        raise AdapterUnsafe(
            mark("The zip holds {count} files; an adapter has three. Pack only its folder."),
            count=len(entries),
        )
    found: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        link = (entry.external_attr >> 16) & 0o170000 == 0o120000
        drive = ":" in path.parts[0] if path.parts else True
        if path.is_absolute() or ".." in path.parts or drive or link:
            raise AdapterUnsafe(
                mark("The zip holds a link or a path that leads out of it: {name}."),
                name=entry.filename,
            )
        if path.name in NAMES and len(path.parts) <= 2:
            if path.name in found:
                raise AdapterUnsafe(
                    mark("The zip holds {name} twice. Pack one adapter at a time."), name=path.name
                )
            found[path.name] = entry
    _check_names([PurePosixPath(entry.filename).name for entry in entries])
    return found


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """A member, never more than it announced, and none that unfolds out of almost nothing."""
    if entry.file_size > max(HARMLESS_BYTES, MAX_RATIO * entry.compress_size):
        raise _too_large(entry.filename)
    with archive.open(entry) as file:
        data = file.read(entry.file_size + 1)
    if len(data) != entry.file_size:
        raise AdapterUnsafe(mark("{name} is larger than the zip says."), name=entry.filename)
    return data


def _check_names(names: list[str]) -> None:
    """Weights that are pickles can run any code when they are loaded."""
    if WEIGHTS in names:
        return
    pickled = next((name for name in names if name.lower().endswith(PICKLES)), None)
    if pickled is not None:
        raise AdapterUnsafe(
            mark(
                "{name} is a pickle, which can run foreign code and is never loaded. Save the "
                "adapter as safetensors (`save_pretrained(…)` of peft does)."
            ),
            name=pickled,
        )


def _check_sizes(sizes: Mapping[str, int]) -> None:
    for name in (CONFIG, WEIGHTS):
        if name not in sizes:
            raise AdapterUnsafe(
                mark("{name} is missing: an adapter is a folder as peft saves it."), name=name
            )
    for name, size in sizes.items():
        if size > (MAX_BYTES if name == WEIGHTS else MAX_JSON_BYTES):
            raise _too_large(name)


def _too_large(name: str) -> AdapterUnsafe:
    return AdapterUnsafe(mark("{name} is too large for an adapter."), name=name)


def _package(files: Mapping[str, bytes]) -> Package:
    config = _object(CONFIG, files[CONFIG])
    card = _object(CARD, files[CARD]) if CARD in files else {}
    check_tensors(files[WEIGHTS], config)
    return Package(config, files[WEIGHTS], card)


def _object(name: str, data: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise AdapterUnsafe(mark("{name} is no JSON that can be read."), name=name) from error
    if not isinstance(found, dict):
        raise AdapterUnsafe(mark("{name} is no JSON that can be read."), name=name)
    return found


def _as_json(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"
