"""How much of the execution time that service protection grants was used, whenever one looks."""

from collections.abc import Iterable


def least_share(charges: Iterable[tuple[float, float]], *, rate: float, after: float) -> float:
    """The least share of what was granted by then, at any moment later than `after` seconds.

    `charges`: when a request ended, in seconds from the beginning, and what it took; `rate` is what is
    granted in a second. An export that ends within the burst of a window has used more than a lasting one
    could; the least favourable moment is the end of a pause.
    """
    total, least = 0.0, float("inf")
    for moment, seconds in sorted(charges):
        if moment > after:
            least = min(least, total / (rate * moment))
        total += seconds
    return least
