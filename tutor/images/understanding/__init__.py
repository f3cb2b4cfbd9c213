"""From a sentence to the things that it wants drawn: English, Chinese, and both mixed."""
