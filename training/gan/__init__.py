"""Generators of pictures: sets, adversarial training, measures and the gate."""
