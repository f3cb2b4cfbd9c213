"""What the methods that run in transformers' `Trainer` share: following, resuming, sizes."""
