from pathlib import Path
from typing import Any

import pytest

from local.bicep.evaluation import UNKNOWN, Evaluation
from local.bicep.program import load

FOLDER = Path("/infra")


def evaluation(text: str, given: dict[str, Any] | None = None, **modules: str) -> Evaluation:
    texts = {
        FOLDER / "main.bicep": text,
        **{FOLDER / f"{name}.bicep": each for name, each in modules.items()},
    }
    program = load(FOLDER, texts)
    assert program.faults == []
    return Evaluation(program, program.files[FOLDER / "main.bicep"], given or {})


def value(expression: str, before: str = "", given: dict[str, Any] | None = None) -> Any:
    found = evaluation(f"{before}var x = {expression}\n", given)
    statement = next(each for each in found._file.declared() if each.name == "x")  # noqa: SLF001 - no other way in
    return found.value(statement.value)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("'a${1}b'", "a1b"),
        ("take('abcdef', 3)", "abc"),
        ("replace(toLower('A-B'), '-', '')", "ab"),
        ("join(['a', 'b'], ',')", "a,b"),
        ("last(split('a/b', '/'))", "b"),
        ("length('x') > 0 ? 1 : 2", UNKNOWN),
        ("empty('') ? 'none' : 'some'", "none"),
        ("{ a: { b: 2 } }.a.b", 2),
        ("[1, 2][1]", 2),
        ("[for each in ['a', 'b']: '${each}-c']", ["a-c", "b-c"]),
        ("[for each in items({ k: 'v' }): each.value]", ["v"]),
        ("union({ a: 1 }, { b: 2 })", {"a": 1, "b": 2}),
        ("concat(['a'], ['b'])", ["a", "b"]),
        ("'${readEnvironmentVariable('A')}'", UNKNOWN),
        ("uniqueString('a')", "u" * 13),
        ("!true", False),
        ("1 + 2 == 3", True),
    ],
)
def test_what_does_not_depend_on_azure_is_worked_out(expression: str, expected: object) -> None:
    assert value(expression) == expected


def test_parameters_are_what_was_given_or_their_defaults() -> None:
    before = "param a string = 'default'\n"
    assert value("a", before) == "default"
    assert value("a", before, {"a": "given"}) == "given"


def test_the_cloud_follows_from_the_location() -> None:
    before = "param location string\n"
    assert value("environment().name", before, {"location": "usgovvirginia"}) == "AzureUSGovernment"
    assert value("environment().name", before, {"location": "westeurope"}) == "AzureCloud"


MODULE = "param n string\nresource r 'T/t@1' = {\n  name: 'r-${n}'\n}\noutput o string = '${n}!'\n"


def test_resources_of_modules_are_found_with_their_names() -> None:
    found = evaluation("module m 'm.bicep' = {\n  params: { n: 'x' }\n}\n", m=MODULE)
    assert [each.name for each in found.resources()] == ["r-x"]


def test_outputs_of_modules_are_worked_out() -> None:
    text = "module m 'm.bicep' = {\n  params: { n: 'x' }\n}\nresource q 'T/t@1' = {\n  name: m.outputs.o\n}\n"
    assert [each.name for each in evaluation(text, m=MODULE).resources()] == ["r-x", "x!"]


def test_what_a_condition_excludes_is_not_deployed() -> None:
    text = "param c bool\nmodule m 'm.bicep' = if (c) {\n  params: { n: 'x' }\n}\n"
    assert list(evaluation(text, {"c": False}, m=MODULE).resources()) == []
    assert len(list(evaluation(text, {"c": True}, m=MODULE).resources())) == 1


def test_each_turn_of_a_loop_is_a_resource() -> None:
    text = "resource r 'T/t@1' = [for (each, i) in ['a', 'b']: {\n  name: '${each}${i}'\n}]\n"
    assert [each.name for each in evaluation(text).resources()] == ["a0", "b1"]
