"""What a learner knows: estimated from their attempts, used to choose, predict and review."""
