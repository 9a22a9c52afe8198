"""What an argument on the command line has to be."""

from argparse import ArgumentTypeError


def at_least_one(text: str) -> int:
    """A count, as argparse takes its types."""
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"has to be a whole number from 1, not '{text}'")
    return int(text)


def minutes(text: str) -> float:
    """A time that is over some day; not a number of them is more than a week."""
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not 0 < found <= 7 * 24 * 60:
        raise ArgumentTypeError(f"has to be a number of minutes above 0 and within a week, not '{text}'")
    return found
