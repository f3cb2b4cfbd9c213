"""What the acceptance scripts share: the product's processes, doubles around them, and verdicts."""
