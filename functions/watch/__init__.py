"""Looks after the service itself."""
