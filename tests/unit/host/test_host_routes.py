from pathlib import Path

import pytest

from local.host.function import Function, HttpTrigger
from local.host.routes import check_routes, compile_routes, decode_path
from local.host.settings import StartError


def http_function(name: str, route: str, *methods: str) -> Function:
    return Function(
        name=name,
        call=print,
        trigger=HttpTrigger(route, frozenset(methods)),
        parameter="req",
        directory=Path(),
        is_async=False,
        wants_context=False,
        returns_response=True,
        bindings=(),
    )


def match(route: str, path: str) -> dict[str, str] | None:
    (compiled,) = compile_routes([http_function("f", route)])
    return compiled.match(path)


@pytest.mark.parametrize(
    ("route", "path", "parameters"),
    [
        ("exports", "exports", {}),
        ("exports", "Exports/", {}),
        ("exports/{id}", "exports/7", {"id": "7"}),
        ("exports/{id}/results.csv", "exports/7/results.csv", {"id": "7"}),
        ("{id:int}", "-7", {"id": "-7"}),
        ("{id:guid}", "c0ffee00-0000-4000-8000-000000000000", {"id": "c0ffee00-0000-4000-8000-000000000000"}),
        ("{n:range(1,10)}", "10", {"n": "10"}),
        ("{n:int:min(3)}", "3", {"n": "3"}),
        ("{n:max(3)}", "3", {"n": "3"}),
        ("{code:length(3)}", "abc", {"code": "abc"}),
        ("{code:minlength(2):maxlength(3)}", "abc", {"code": "abc"}),
        ("{code:regex(^[a-z]{{2}}$)}", "AB", {"code": "AB"}),
        ("{on:bool}", "TRUE", {"on": "TRUE"}),
        ("{when:datetime}", "2026-11-24", {"when": "2026-11-24"}),
        ("{price:decimal}", "1.5", {"price": "1.5"}),
        ("a/{b?}", "a", {}),
        ("a/{b?}", "a/b", {"b": "b"}),
        ("{*rest}", "", {}),
        ("files/{*rest}", "files", {}),
        ("files/{*rest}", "files/a/b", {"rest": "a/b"}),
        ("{name}.{format}", "report.csv", {"name": "report", "format": "csv"}),
    ],
)
def test_route_matches(route: str, path: str, parameters: dict[str, str]) -> None:
    assert match(route, path) == parameters


@pytest.mark.parametrize(
    ("route", "path"),
    [
        ("exports", "export"),
        ("exports", "exports/7"),
        ("exports/{id}", "exports"),
        ("exports/{id}", "exports/7/records"),
        ("exports.csv", "exportsxcsv"),
        ("{id:int}", "seven"),
        ("{id:int}", "4294967296"),
        ("{id:guid}", "7"),
        ("{name:alpha}", "a1"),
        ("{n:range(1,10)}", "11"),
        ("{n:max(3)}", "4"),
        ("{code:length(2,3)}", "abcd"),
        ("{code:regex(^[a-z]{{2}}$)}", "abc"),
        ("a/{b:int?}", "a/b"),
    ],
)
def test_route_does_not_match(route: str, path: str) -> None:
    assert match(route, path) is None


def test_escaped_slash_stays_within_its_segment() -> None:
    assert decode_path(b"/a%2Fb/%C3%BC%20%25") == "/a%2Fb/ü %"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (http_function("a", "x/{id}", "GET"), http_function("b", "X/{name}", "GET", "PUT")),
        (http_function("a", "x/{id:int}", "GET"), http_function("b", "x/{n:int}")),
        (http_function("a", "x"), http_function("b", "x")),
    ],
    ids=["names of parameters and case", "constraints alike", "every method"],
)
def test_two_functions_on_one_route_and_method_are_refused(one: Function, other: Function) -> None:
    with pytest.raises(StartError, match="functions a and b both answer"):
        check_routes([one, other])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (http_function("a", "x/{id}", "GET"), http_function("b", "x/{id}", "PUT")),
        (http_function("a", "x/{id:int}", "GET"), http_function("b", "x/{id}", "GET")),
        (http_function("a", "x/special", "GET"), http_function("b", "x/{id}", "GET")),
        (http_function("a", "{*path}", "OPTIONS"), http_function("b", "x/y")),
    ],
    ids=["other method", "constraint", "the particular one first", "only one method hidden"],
)
def test_functions_that_can_all_be_reached_are_accepted(one: Function, other: Function) -> None:
    check_routes([one, other])


def test_function_behind_a_wider_route_is_refused() -> None:
    wide, narrow = http_function("a", "x/{id}/{part}", "GET"), http_function("b", "x/{id}/log", "GET")
    with pytest.raises(StartError, match="rename b so that it comes first"):
        check_routes([wide, narrow])


def test_stray_brace_in_a_route_is_refused() -> None:
    with pytest.raises(StartError, match="has a brace that is no parameter"):
        match("x/{id", "x/7")
