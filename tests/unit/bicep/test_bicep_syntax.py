import pytest

from local.bicep.findings import Position, SyntaxFault
from local.bicep.syntax.parser import parse
from local.bicep.syntax.tree import (
    Array,
    Binary,
    Call,
    ChoiceType,
    For,
    If,
    Index,
    Keyword,
    Lambda,
    Literal,
    Member,
    Name,
    Node,
    Object,
    ObjectType,
    OptionalType,
    Property,
    Spread,
    Ternary,
    Text,
    Unary,
    body_of,
    walk,
)


def value(text: str) -> Node | None:
    return parse(f"var x = {text}\n").statements[0].value


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1", Literal),
        ("true", Literal),
        ("'a'", Text),
        ("'''a 'b' c'''", Text),
        ("'a ${b} c'", Text),
        ("a.b", Member),
        ("a.?b", Member),
        ("a[0]", Index),
        ("a[?0]", Index),
        ("a!", Unary),
        ("!a", Unary),
        ("a ?? b", Binary),
        ("a == b ? 1 : 2", Ternary),
        ("f(1, 2)", Call),
        ("map(a, each => each.b)", Call),
        ("[1, 2]", Array),
        ("[\n  1\n  2\n]", Array),
        ("{ a: 1, 'b-c': 2 }", Object),
        ("{\n  a: 1\n  ...b\n}", Object),
        ("[for a in b: a]", For),
        ("[for (a, i) in b: i]", For),
        ("(a)", Name),
    ],
)
def test_every_kind_of_expression_is_read(text: str, kind: type[Node]) -> None:
    assert isinstance(value(text), kind)


def test_signs_bind_as_bicep_has_it() -> None:
    tree = value("a || b && c == 1 + 2 * 3")
    assert isinstance(tree, Binary)
    assert tree.sign == "||"
    assert isinstance(tree.right, Binary)
    assert tree.right.sign == "&&"
    assert isinstance(tree.right.right, Binary)
    assert tree.right.right.sign == "=="


def test_an_expression_inside_a_text_is_read_with_its_place() -> None:
    text = value("'a ${toLower('b ${c}')} d'")
    assert isinstance(text, Text)
    assert [each.name for each in walk(text) if isinstance(each, Name)] == ["c"]
    assert next(each.at for each in walk(text) if isinstance(each, Name)) == Position(1, 27)


def test_escapes_of_a_text_stand_for_themselves() -> None:
    text = value(r"'it\'s \${not} \\ \u{41}'")
    assert isinstance(text, Text)
    assert text.plain == "it's ${not} \\ A"


def test_lambdas_of_several_names_are_told_from_brackets() -> None:
    call = value("sort(a, (x, y) => x < y)")
    assert isinstance(call, Call)
    assert isinstance(call.arguments[1], Lambda)
    assert call.arguments[1].names == ("x", "y")


def test_spreads_stand_among_properties() -> None:
    tree = value("{ ...a, b: 1 }")
    assert isinstance(tree, Object)
    assert [type(item) for item in tree.items] == [Spread, Property]


def test_types_are_read_with_choices_optional_members_and_decorators() -> None:
    tree = parse("type t = {\n  @minValue(1)\n  a: int?\n  b: 'x' | 'y'\n  *: string[]\n}\n")
    kind = tree.statements[0].value
    assert isinstance(kind, ObjectType)
    assert [member.name for member in kind.members] == ["a", "b", "*"]
    assert isinstance(kind.members[0].type, OptionalType)
    assert [call.name for call in kind.members[0].decorators] == ["minValue"]
    assert isinstance(kind.members[1].type, ChoiceType)


def test_statements_are_read_with_their_decorators_and_labels() -> None:
    tree = parse(
        "targetScope = 'subscription'\n"
        "import { a, b as c } from 'types.bicep'\n"
        "extension microsoftGraphV1\n"
        "/* over\nlines */ // and a line\n"
        "@description('d')\n@allowed(['x'])\nparam p string = 'x'\n"
        "resource r 'T/t@1' existing = {\n  name: p\n}\n"
        "module m 'm.bicep' = if (c) {\n  params: {}\n}\n"
        "output o string = m.outputs.o\n"
    )
    assert [each.keyword for each in tree.statements] == [
        Keyword.SCOPE,
        Keyword.IMPORT,
        Keyword.EXTENSION,
        Keyword.PARAM,
        Keyword.RESOURCE,
        Keyword.MODULE,
        Keyword.OUTPUT,
    ]
    assert tree.statements[1].imported == (("a", "a"), ("b", "c"))
    assert [call.name for call in tree.statements[3].decorators] == ["description", "allowed"]
    assert tree.statements[4].existing
    assert isinstance(tree.statements[5].value, If)
    assert body_of(tree.statements[5].value) is not None


def test_a_file_of_parameters_is_read() -> None:
    tree = parse("using '../main.bicep'\n\nparam a = readEnvironmentVariable('A', '')\n")
    assert [each.keyword for each in tree.statements] == [Keyword.USING, Keyword.PARAM]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("var a = \n", 1, 9),
        ("var a = 'open\n", 1, 9),
        ("var a = { b: 1 c: 2 }\n", 1, 16),
        ("var a = [1\n", 2, 1),
        ("vra a = 1\n", 1, 1),
        ("var a = 1 2\n", 1, 11),
        ("var a = 1 ; 2\n", 1, 11),
        ("var a = '${b c}'\n", 1, 14),
        ("@sealed\nvar a = 1\n", 1, 2),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(text: str, line: int, column: int) -> None:
    with pytest.raises(SyntaxFault) as caught:
        parse(text)
    assert caught.value.at == Position(line, column)
