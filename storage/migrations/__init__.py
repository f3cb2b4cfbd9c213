"""Alembic's environment and the migrations, shipped as part of the package."""
