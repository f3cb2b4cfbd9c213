"""Translating texts: in pieces, with the words of a course, or by the dictionary."""
