"""A random T5 with a byte tokenizer, small enough to be made and run in a moment."""

from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast, T5Config, T5ForConditionalGeneration

PAD, END = 256, 257


def byte_tokenizer() -> PreTrainedTokenizerFast:
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {character: index for index, character in enumerate(alphabet)}
    tokenizer = Tokenizer(models.BPE(vocabulary, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(word, special=True) for word in ("<pad>", "</s>")])
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="<pad>", eos_token="</s>")


def save_tiny_t5(folder: Path, **changes: object) -> Path:
    """Writes model and tokenizer in transformers' form; its words depend on what it reads."""
    byte_tokenizer().save_pretrained(folder)
    torch.manual_seed(5)
    sizes = {
        "vocab_size": 258,
        "d_model": 32,
        "d_kv": 8,
        "d_ff": 64,
        "num_layers": 2,
        "num_decoder_layers": 2,
        "num_heads": 4,
        "feed_forward_proj": "gated-gelu",
        "tie_word_embeddings": False,
        "pad_token_id": PAD,
        "eos_token_id": END,
        "decoder_start_token_id": PAD,
    }
    model = T5ForConditionalGeneration(T5Config(**(sizes | changes)))
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "EncDecAttention" in name or "lm_head" in name:
                parameter.normal_(std=0.6)
        model.lm_head.weight[[PAD, END]] *= 0.01  # hardly ever an end
    model.save_pretrained(folder)
    return folder


def save_tiny_t5_adapter(model_folder: Path, folder: Path, seed: int = 1, rank: int = 4) -> Path:
    """Writes a LoRA adapter on all linear layers that changes the model's words."""
    torch.manual_seed(seed)
    model = T5ForConditionalGeneration.from_pretrained(model_folder)
    config = LoraConfig(
        r=rank, lora_alpha=2 * rank, target_modules=["q", "k", "v", "o"], task_type="SEQ_2_SEQ_LM"
    )
    adapted = get_peft_model(model, config)
    with torch.no_grad():
        for name, parameter in adapted.named_parameters():
            if "lora_B" in name:
                parameter.normal_(std=0.3)
    adapted.save_pretrained(folder)
    return folder
