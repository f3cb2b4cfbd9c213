"""What keeps learners safe: concerns in what they write, checks on what models say, minors."""
