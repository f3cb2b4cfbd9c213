"""Texts that people ask for: articles, e-mails, poems, songs, lessons; written by the model."""
