"""Says whether an answer is right, by rules and computation; a language model never decides it."""
