"""Whoever misuses a call of ./dev reads a sentence about what to do."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

import benchmarks.__main__ as bench
import local.mutation.__main__ as mutation
import tests.chaos.__main__ as chaos
from local.commands import pictures, tables
from local.errors import DevError
from local.state import held

NOWHERE = "/dev/null/nowhere"


@pytest.mark.parametrize(
    ("call", "arguments", "said"),
    [
        (bench.main, ["mapping", "nosuch"], "no benchmark 'nosuch'; choose among mapping, records"),
        (bench.main, ["--records", "-5", "export"], "--records: has to be a whole number from 1, not '-5'"),
        (bench.main, ["--rounds", "0"], "--rounds: has to be a whole number from 1, not '0'"),
        (chaos.main, ["--minutes=-1"], "--minutes: has to be a number of minutes above 0"),
        (chaos.main, ["--minutes", "nan"], "--minutes: has to be a number of minutes above 0"),
        (chaos.main, ["--people", "none"], "--people: has to be a whole number from 1, not 'none'"),
        (mutation.main, ["nosuch.py"], "there is no nosuch.py in the checkout"),
        (pictures.main, ["nosuch"], "unrecognized arguments: nosuch"),
    ],
)
def test_what_a_call_does_not_take_is_named(
    call: Callable[[Sequence[str]], int],
    arguments: list[str],
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        call(arguments)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("action", ["save", "load"])
def test_a_file_of_tables_that_cannot_be_opened_is_named(action: str) -> None:
    account = ["--account", "https://contoso.table.core.windows.net"]
    with pytest.raises(DevError, match=f"{NOWHERE} cannot be opened: .*Check the path"):
        tables.main([action, NOWHERE, *account])


def test_a_state_that_cannot_be_made_is_named() -> None:
    with pytest.raises(DevError, match="Choose another DEV_STATE"), held(Path(NOWHERE)):
        raise AssertionError("there is no such folder")
