"""What adapters are trained on: reading, cleaning, splitting, versions."""
