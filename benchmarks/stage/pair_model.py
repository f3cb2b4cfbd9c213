"""A tiny T5 with random weights, and a tokenizer learnt from the project's own texts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

VOCABULARY = 400
PAD, END, UNKNOWN = "<pad>", "</s>", "<unk>"
SIZES = {
    "d_model": 48,
    "d_kv": 12,
    "d_ff": 96,
    "num_layers": 2,
    "num_decoder_layers": 2,
    "num_heads": 4,
    "dropout_rate": 0.0,
    "feed_forward_proj": "gated-gelu",
    "tie_word_embeddings": False,
}
TEXTS = Path(__file__).parents[2] / "docs"


def save_pair_model(folder: Path) -> Path:
    """Writes model and tokenizer in transformers' form; what it writes depends on what it reads."""
    import torch
    from transformers import T5Config, T5ForConditionalGeneration

    tokenizer = _tokenizer()
    tokenizer.save_pretrained(folder)
    torch.manual_seed(8)
    settings: dict[str, Any] = {
        **SIZES,
        "vocab_size": len(tokenizer),
        "pad_token_id": tokenizer.pad_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "decoder_start_token_id": tokenizer.pad_token_id,
    }
    model: Any = T5ForConditionalGeneration(T5Config(**settings))
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "EncDecAttention" in name or "lm_head" in name:
                parameter.normal_(std=0.4)
    model.save_pretrained(folder)
    return folder


def _tokenizer() -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    learnt: Any = Tokenizer(models.BPE(unk_token=UNKNOWN))
    learnt.pre_tokenizer = pre_tokenizers.Metaspace()
    learnt.decoder = decoders.Metaspace()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=[PAD, END, UNKNOWN],
        limit_alphabet=100,
        show_progress=False,
    )
    learnt.train_from_iterator(_lines(), trainer)
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=learnt, pad_token=PAD, eos_token=END, unk_token=UNKNOWN
    )


def _lines() -> Iterator[str]:
    for path in sorted(TEXTS.rglob("*.md")):
        yield from path.read_text(encoding="utf-8").splitlines()
