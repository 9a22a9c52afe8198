"""Undoing an export: an export of its own, of what the earlier one changed, through the same queues."""
