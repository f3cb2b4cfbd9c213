"""The item bank: problems with their keys and hints, where they come from and how they are kept."""
