"""Alembic migrations of the database, one file each."""
