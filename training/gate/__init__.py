"""The evaluation gate: a new adapter beside the base and the present one, through the engine."""
