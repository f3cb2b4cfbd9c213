"""Pictures of what was learnt: drawn from numbers that are given, with the same facts in words."""
