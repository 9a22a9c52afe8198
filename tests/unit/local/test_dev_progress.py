import io

import pytest

from local.progress import Progress, ProgressDisplay, progress_line

HALF = Progress(total=2000, counts={"created": 900, "updated": 100, "failed": 0}, share=0.5)
ALL = Progress(total=2000, counts={"created": 1900, "updated": 99, "failed": 1}, share=1.0)


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


class Clock:
    """Seconds that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_line_tells_share_counts_speed_and_time_left() -> None:
    assert progress_line("people", HALF, 20.0).split(maxsplit=3) == [
        "people",
        "██████████░░░░░░░░░░",
        "50%",
        "1,000 of 2,000  50/s  0:20 left  900 created, 100 updated",
    ]


def test_a_finished_export_tells_how_long_it_took() -> None:
    assert progress_line("lead", ALL, 80.0).endswith("25/s  in 1:20  1,900 created, 99 updated, 1 failed")


def test_before_the_first_record_there_is_no_speed_to_tell() -> None:
    line = progress_line("lead", Progress(total=0, counts={"created": 0}, share=0.0), 3.0, filled_with="#.")
    assert line == "lead      ....................   0%  0 of 0"


def test_waiting_for_dynamics_is_said() -> None:
    waiting = Progress(total=2, counts={}, share=0.0, note="Dynamics asks to wait until 12:00")
    assert progress_line("lead", waiting, 1.0).endswith("Dynamics asks to wait until 12:00")


def test_a_terminal_has_one_line_that_is_redrawn() -> None:
    terminal = Terminal()
    display = ProgressDisplay("lead", terminal, Clock())
    display.show(HALF)
    display.finish(ALL)
    assert terminal.getvalue().count("\n") == 1
    assert terminal.getvalue().count("\r") == 2


def test_elsewhere_there_is_a_line_every_few_seconds() -> None:
    stream, clock = io.StringIO(), Clock()
    display = ProgressDisplay("lead", stream, clock)
    for clock.now in (0.0, 1.0, 2.0, 6.0):
        display.show(HALF)
    assert len(stream.getvalue().splitlines()) == 2


@pytest.mark.parametrize("kind", [io.StringIO, Terminal], ids=["plain", "terminal"])
def test_the_last_state_is_always_shown(kind: type[io.StringIO]) -> None:
    stream = kind()
    display = ProgressDisplay("lead", stream, Clock())
    display.show(HALF)
    display.finish(ALL)
    assert "100%" in stream.getvalue().splitlines()[-1]
