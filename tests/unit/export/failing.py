"""A chunk that fails as often as it is told."""

from tests.unit.export.engine import Engine


def fail_with(engine: Engine, error: BaseException, *, on: int, times: int = 1) -> None:
    """The chunk fails so many times."""
    left = [times]

    def answer(number: int) -> None:
        if number == on and left[0]:
            left[0] -= 1
            raise error

    engine.answer = answer
