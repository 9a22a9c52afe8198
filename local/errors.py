"""The one error that ./dev shows to a person: a sentence about what is wrong and what to do."""


class DevError(Exception):
    """What is wrong, where, and what to do about it; shown without a traceback."""
