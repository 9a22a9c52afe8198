"""Exports: from the HTTP body to the outcome of every record."""
