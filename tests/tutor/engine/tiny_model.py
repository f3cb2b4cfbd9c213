"""A random Llama with a byte tokenizer, small enough to be made and run in a moment."""

from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

CHATML = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}"
    "<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
CONTEXT_TOKENS = 640


def save_tiny_model(folder: Path, **changes: object) -> Path:
    """Writes model and tokenizer in transformers' form."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {character: index for index, character in enumerate(alphabet)}
    tokenizer = Tokenizer(models.BPE(vocabulary, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    specials = ["<|im_start|>", "<|im_end|>"]
    tokenizer.add_special_tokens([AddedToken(word, special=True) for word in specials])
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<|im_start|>", eos_token="<|im_end|>"
    )
    wrapped.chat_template = CHATML
    wrapped.save_pretrained(folder)
    torch.manual_seed(11)
    sizes = {
        "vocab_size": 258,
        "hidden_size": 48,
        "intermediate_size": 96,
        "num_hidden_layers": 3,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": CONTEXT_TOKENS,
        "initializer_range": 0.4,
        "bos_token_id": 256,
        "eos_token_id": 257,
    }
    model = LlamaForCausalLM(LlamaConfig(**(sizes | changes)))
    with torch.no_grad():
        model.lm_head.weight[257] *= 0.01  # a token that ends the turn hardly ever
    model.save_pretrained(folder)
    return folder


def save_tiny_adapter(
    model_folder: Path,
    folder: Path,
    seed: int,
    rank: int = 4,
    targets: str | list[str] = "all-linear",
) -> Path:
    """Writes a LoRA adapter, on all linear layers or on some, that changes the model's words."""
    torch.manual_seed(seed)
    model = LlamaForCausalLM.from_pretrained(model_folder)
    config = LoraConfig(r=rank, lora_alpha=2 * rank, target_modules=targets, task_type="CAUSAL_LM")
    adapted = get_peft_model(model, config)
    with torch.no_grad():
        for name, parameter in adapted.named_parameters():
            if "lora_B" in name:
                parameter.normal_(std=0.1)
    adapted.save_pretrained(folder)
    return folder
