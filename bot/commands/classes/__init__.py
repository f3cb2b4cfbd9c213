"""`/class …`: what teachers do with the people of a course."""
