import pytest

from local.commands import calls
from local.errors import DevError


@pytest.mark.parametrize("name", ["up", "demo", "test", "lint", "bench", "token", "export", "help"])
def test_help_has_one_line_for_each_call(name: str) -> None:
    lines = [line.split() for line in calls.help_text().splitlines()]
    assert len([words for words in lines if words[:1] == [name]]) == 1


def test_an_unknown_call_is_refused_with_those_that_exist() -> None:
    with pytest.raises(DevError, match=r"no call 'strat'; choose one of .*up.*help"):
        calls.module_of("strat")
