"""Loads a model so that it can serve: from the embedded copy, a folder, or a Hugging Face id.

Never runs code that comes with a model, and never unpickles. What stands in the way ends in a
ModelUnusable with a sentence. Knows nothing of requests.
"""

import hashlib
import json
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError

from tutor.engine import embedded
from tutor.engine.contract import ModelUnusable
from tutor.engine.process import seq2seq
from tutor.engine.process.identity import precision_of, template_hash, weights_hash
from tutor.engine.process.placement import placement_of
from tutor.engine.process.source_text import SourceVocabulary
from tutor.engine.process.vocabulary import Vocabulary
from tutor.engine.profiles import profile_for
from tutor.i18n import mark

log = logging.getLogger(__name__)

HUB_FILES = ("*.json", "*.safetensors", "*.model", "*.txt", "*.jinja")
# Their attention counts positions from the padding mask, which rows of a mixed batch do not have.
POSITION_BIASED = {"bloom", "mpt"}
ATTENTION_KINDS = {"full_attention", "sliding_attention"}


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """`revision` changes whenever the same request could give another text; `base_hash` names the
    weights, `template_hash` the chat template."""

    name: str
    revision: str
    model: Any
    vocabulary: Vocabulary
    device: str
    context_tokens: int
    bytes_per_token: int  # of the key-value cache
    base_hash: str = ""
    template_hash: str = ""
    precision: str = ""
    encoder_decoder: bool = False


def load_model(
    name: str,
    data_dir: Path,
    report: Callable[[float], None],
    *,
    four_bit: bool | None = None,
) -> LoadedModel:
    """Everything for serving `name` ("" is the embedded model), on CUDA where there is one.

    `four_bit` None: 4-bit weights where the GPU is too small for others.
    """
    folder, source = model_folder(name, data_dir, report)
    _check_weights(folder, name)
    with _explained(name or embedded.NAME):
        base_hash = weights_hash(folder, data_dir)
        return _load(name, folder, source, base_hash, four_bit)


def _load(
    name: str, folder: Path, source: str, base_hash: str, four_bit: bool | None
) -> LoadedModel:
    from transformers import AutoConfig, AutoTokenizer

    config = AutoConfig.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
    _check_architecture(config, name)
    tokenizer = AutoTokenizer.from_pretrained(
        folder, trust_remote_code=False, local_files_only=True
    )
    device, placement = placement_of(_weights_bytes(folder), name, four_bit)
    model = _class_of(config).from_pretrained(
        folder,
        trust_remote_code=False,
        use_safetensors=True,
        local_files_only=True,
        attn_implementation="sdpa",
        **placement,
    )
    model.train(False)
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    text_config = model.config.get_text_config(decoder=True)
    profile = profile_for(name)
    kind, size_of = (
        (SourceVocabulary, seq2seq.bytes_per_token)
        if config.is_encoder_decoder
        else (Vocabulary, _bytes_per_token)
    )
    vocabulary = kind(tokenizer, _end_ids(model), dict(profile.template_options))
    return LoadedModel(
        name=name or embedded.NAME,
        revision=_revision(source, sorted(placement), device, str(model.dtype)),
        model=model,
        vocabulary=vocabulary,
        device=device,
        base_hash=base_hash,
        template_hash=template_hash(tokenizer, dict(profile.template_options)),
        precision=precision_of(model),
        context_tokens=getattr(text_config, "max_position_embeddings", None) or 2048,
        bytes_per_token=size_of(text_config, model.dtype.itemsize),
        encoder_decoder=bool(config.is_encoder_decoder),
    )


def _class_of(config: Any) -> Any:
    from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM

    return AutoModelForSeq2SeqLM if config.is_encoder_decoder else AutoModelForCausalLM


def model_folder(name: str, data_dir: Path, report: Callable[[float], None]) -> tuple[Path, str]:
    """The local folder of a model, and what identifies its content."""
    if embedded.is_embedded(name):
        folder = embedded.prepare(data_dir, report)
        return folder, embedded.weights_sha256(folder)
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder, _identity(folder)
    if folder.is_absolute() or name.startswith((".", "~")) or name.count("/") != 1:
        raise ModelUnusable(
            mark("There is no model folder {model}. Check DAOSHI_MODEL."), model=name
        )
    folder = _download(name)
    return folder, _identity(folder)


def _download(name: str) -> Path:
    """The local snapshot of a Hugging Face id; works offline if it was fetched before."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import (
        GatedRepoError,
        HfHubHTTPError,
        HFValidationError,
        LocalEntryNotFoundError,
        RepositoryNotFoundError,
    )

    try:
        return Path(snapshot_download(name, allow_patterns=list(HUB_FILES)))
    except GatedRepoError as error:
        raise ModelUnusable(
            mark("{model} asks you to accept its licence on huggingface.co; then set HF_TOKEN."),
            model=name,
        ) from error
    except (RepositoryNotFoundError, HFValidationError) as error:
        raise ModelUnusable(
            mark(
                "Neither a folder nor a Hugging Face model is called {model}. Check DAOSHI_MODEL."
            ),
            model=name,
        ) from error
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError) as error:
        log.warning("Download of %s failed: %s", name, error)
        raise ModelUnusable(
            mark(
                "{model} could not be downloaded from huggingface.co. Check the network, or put "
                "the model into a folder and name that in DAOSHI_MODEL."
            ),
            model=name,
        ) from error


def _check_weights(folder: Path, name: str) -> None:
    """Only safetensors: a pickle can run any code when it is loaded."""
    if next(folder.glob("*.safetensors"), None) is not None:
        return
    if any(next(folder.glob(pattern), None) for pattern in ("*.bin", "*.pt", "*.pth")):
        raise ModelUnusable(
            mark(
                "{model} has its weights only as pickle files, which can run foreign code and are "
                "never loaded. Convert them to safetensors, or choose another model."
            ),
            model=name,
        )
    raise ModelUnusable(mark("{model} holds no *.safetensors weights."), model=name)


def _check_architecture(config: Any, name: str) -> None:
    """Refuses what neither a batch of rows with key-value caches nor the T5 runner can serve."""
    if config.is_encoder_decoder:
        if config.model_type not in seq2seq.FAMILIES:
            raise _wrong_kind(name, str(config.model_type))
        return
    text_config = config.get_text_config(decoder=True)
    kinds = set(getattr(text_config, "layer_types", None) or ["full_attention"])
    recurrent = hasattr(text_config, "state_size") or not hasattr(
        text_config, "num_attention_heads"
    )
    biased = config.model_type in POSITION_BIASED or getattr(config, "alibi", False)
    if recurrent or biased or not kinds <= ATTENTION_KINDS:
        raise _wrong_kind(name, str(config.model_type))


@contextmanager
def _explained(name: str) -> Iterator[None]:
    """Turns what transformers and torch raise while loading into sentences."""
    try:
        yield
    except ModelUnusable:
        raise
    except (torch.OutOfMemoryError, MemoryError) as error:
        raise _too_large(name) from error
    except (ValueError, KeyError, OSError, ImportError, RuntimeError, SafetensorError) as error:
        if "allocate memory" in str(error):
            raise _too_large(name) from error
        log.warning("Loading %s failed", name, exc_info=True)
        raise _wrong_kind(name, type(error).__name__) from error


def _too_large(name: str) -> ModelUnusable:
    return ModelUnusable(
        mark(
            "{model} is too large for this machine's memory. `daoshi doctor` names one that fits."
        ),
        model=name,
    )


def _wrong_kind(name: str, found: str) -> ModelUnusable:
    return ModelUnusable(
        mark(
            "{model} is not a language model that can be served here ({found}). Choose a causal "
            "one with attention layers that needs no code of its own, or one of the T5 family."
        ),
        model=name,
        found=found,
    )


def _weights_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("*.safetensors"))


def _identity(folder: Path) -> str:
    """Names a folder's content without reading gigabytes: a snapshot's files are named by hash."""
    seen = []
    for path in sorted(folder.iterdir()):
        if path.suffix in (".json", ".jinja", ".model"):
            seen.append(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}")
        elif path.suffix == ".safetensors":
            found = path.stat()
            seen.append(f"{path.name} {found.st_size} {path.resolve().name} {found.st_mtime_ns}")
    return hashlib.sha256("\n".join(seen).encode()).hexdigest()


def _revision(*parts: object) -> str:
    import transformers

    whole = json.dumps([*map(str, parts), torch.__version__, transformers.__version__])
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def _end_ids(model: Any) -> list[int]:
    stated = getattr(model.generation_config, "eos_token_id", None)
    if stated is None:
        return []
    return list(stated) if isinstance(stated, list | tuple) else [stated]


def _bytes_per_token(config: Any, item_bytes: int) -> int:
    heads = getattr(config, "num_key_value_heads", None) or config.num_attention_heads
    size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    return int(2 * config.num_hidden_layers * heads * size * item_bytes)


def use_threads() -> None:
    """As many threads as the process may use cores; more only wait for each other."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    wanted = int(os.environ.get("OMP_NUM_THREADS") or 0)
    torch.set_num_threads(wanted or max(1, allowed or 1))
