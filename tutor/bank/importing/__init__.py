"""Importers, one module for each format: from a file to courses and a report. No database."""
