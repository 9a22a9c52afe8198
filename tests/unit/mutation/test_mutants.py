import pytest

from local.mutation.mutants import Mutant, mutants_of
from local.mutation.verdicts import Tried, Verdict, table


def changed(source: str) -> list[str]:
    text = source.encode()
    return [mutant.applied(text).decode() for mutant in mutants_of("a.py", text)]


@pytest.mark.parametrize(
    ("source", "mutant"),
    [
        ("def f(a, b):\n    if a < b:\n        go()", "def f(a, b):\n    if (a <= b):\n        go()"),
        ("def f(a):\n    if a:\n        go()", "def f(a):\n    if (not a):\n        go()"),
        ("def f(a, b):\n    return a and b", "def f(a, b):\n    return (a or b)"),
        ("def f():\n    return 'é', x(1)", "def f():\n    return 'é', x((2))"),
        ("def f(a):\n    return a", "def f(a):\n    return None"),
        ("def f(a):\n    raise a", "def f(a):\n    pass"),
        ("def f():\n    go()", "def f():\n    pass"),
        ("def f(a):\n    go(b=a, c=a)", "def f(a):\n    (go(b=a))"),
        ("def f(a):\n    return [x for x in a if x.b]", "def f(a):\n    return [x for x in a if True]"),
        ("def f(a):\n    for x in a:\n        go()", "def f(a):\n    for x in ():\n        go()"),
        ("A = {'b': 1, 'c': 2}", "A = ({'c': 2})"),
    ],
)
def test_small_mistakes_are_made(source: str, mutant: str) -> None:
    assert mutant in changed(source)


@pytest.mark.parametrize(
    "source",
    [
        '"""A docstring."""',
        "def f(a: 'Text' = x) -> 'Text':\n    '''A docstring.'''",
        "@dataclass(frozen=True)\nclass A:\n    b: 'int'",
        "Id = NewType('Id', str)",
        "def f():\n    log.info('done', count=1)",
        "TEXT = 'A sentence is for people.'",
        "if TYPE_CHECKING:\n    import requests",
    ],
)
def test_what_changes_no_behaviour_is_left_as_it_is(source: str) -> None:
    assert changed(source) == []


def test_what_happens_at_import_is_told_apart() -> None:
    source = b"A = 1\ndef f(a=2):\n    return [a, 3]"
    at_import = {mutant.new: mutant.at_import for mutant in mutants_of("a.py", source)}
    assert at_import == {"(2)": True, "(3)": True, "return None": False, "(4)": False}


def test_what_no_test_reaches_counts_as_alive() -> None:
    verdicts = [Verdict.KILLED, Verdict.KILLED, Verdict.SURVIVED, Verdict.UNREACHED]
    tried = [Tried(Mutant("a.py", 1, (0, 1), "", ""), verdict) for verdict in verdicts]
    assert [line.split() for line in table(tried)][1:] == [
        ["2", "4", "50%", "1", "a.py"],
        ["2", "4", "50%", "1", "all"],
    ]
