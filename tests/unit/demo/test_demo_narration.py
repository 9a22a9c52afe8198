import io

import pytest

from local.demo.narration import Narration


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_steps_are_numbered_and_their_lines_indented() -> None:
    stream = io.StringIO()
    narration = Narration(stream)
    narration.step("First")
    narration.tell("one", "two\nthree", "")
    narration.step("Second")
    assert stream.getvalue() == "\n1  First\n   one\n   two\n   three\n\n\n2  Second\n"


def test_headings_are_bold_on_a_terminal_whose_owner_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    emphasized, plain = Terminal(), Terminal()
    Narration(emphasized).step("First")
    monkeypatch.setenv("NO_COLOR", "1")
    Narration(plain).step("First")
    assert emphasized.getvalue() == "\n\x1b[1m1  First\x1b[0m\n"
    assert plain.getvalue() == "\n1  First\n"
