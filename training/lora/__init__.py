"""Fine-tuning with LoRA: from examples to an adapter folder."""
