import pytest

from shared.domain.convert import ValueRejected, converter
from shared.domain.fields import ColumnType, Option
from tests.builders import choice, column

SOURCE = converter(choice("leadsourcecode", "Web", "Trade Show", "Word of Mouth"))
CATEGORIES = converter(choice("categories", "Retail", "Food, Beverages", "IT", kind=ColumnType.MULTI_SELECT))
DO_NOT_PHONE = converter(
    column("donotphone", ColumnType.BOOLEAN, options=(Option(0, "Allow"), Option(1, "Do Not Allow"))),
)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("Web", 1),
        ("web", 1),
        ("WEB", 1),
        ("  trade show ", 2),
        (2, 2),
        ("2", 2),
        (2.0, 2),
        (["Web"], 1),
        ({"name": "Word of Mouth"}, 3),
    ],
)
def test_a_choice_is_found_by_label_or_number(value: object, number: int) -> None:
    assert SOURCE(value) == number


@pytest.mark.parametrize(
    "value",
    [
        "Webb",
        "4",
        4,
        "-1",
        "--1",
        "1.5",
        1.5,
        True,
        False,
        "9" * 5000,
        "²",
        ["Web", "Trade Show"],
        "1,2",
        "None",
    ],
    ids=lambda value: str(value)[:12],
)
def test_a_choice_that_is_not_there_is_refused_with_those_that_are(value: object) -> None:
    with pytest.raises(ValueRejected) as rejected:
        SOURCE(value)
    assert rejected.value.code == "choiceNotFound"
    assert "Web (1), Trade Show (2), Word of Mouth (3)" in rejected.value.message


def test_a_long_list_of_choices_is_cut() -> None:
    with pytest.raises(ValueRejected, match=r"H \(8\) and 2 more\."):
        converter(choice("letter", *"ABCDEFGHIJ"))("Z")


def test_labels_that_differ_in_case_alone_are_told_apart_where_they_can_be() -> None:
    convert = converter(choice("grade", "New", "new"))
    assert [convert("New"), convert("new")] == [1, 2]
    assert convert("NEW") in {1, 2}


def test_of_two_equal_labels_the_first_is_taken() -> None:
    assert converter(choice("grade", "New", "New"))("New") == 1


def test_a_label_that_is_a_number_is_meant_by_text_and_the_number_by_number() -> None:
    convert = converter(choice("year", "2", "3"))
    assert convert("2") == 1
    assert convert(2) == 2


def test_a_choice_without_options_refuses_everything() -> None:
    with pytest.raises(ValueRejected):
        converter(choice("empty"))("Web")


@pytest.mark.parametrize("value", [[""], [None, " "], {"unknown": 1}, " "])
def test_a_list_of_nothing_is_no_choice(value: object) -> None:
    assert SOURCE(value) is None
    assert CATEGORIES(value) is None


@pytest.mark.parametrize(
    ("value", "numbers"),
    [
        ("Retail", "1"),
        ("IT; Retail", "1,3"),
        ("it,retail", "1,3"),
        ("Retail; retail; 1", "1"),
        ("Food, Beverages", "2"),
        ("food, beverages; IT", "2,3"),
        ("IT;;Retail;", "1,3"),
        (["IT", "Retail"], "1,3"),
        (["Food, Beverages", 1], "1,2"),
        ([3, None, "1"], "1,3"),
        (3, "3"),
        ("3,1", "1,3"),
    ],
)
def test_several_choices_are_sorted_and_each_named_once(value: object, numbers: str) -> None:
    assert CATEGORIES(value) == numbers


@pytest.mark.parametrize("value", ["Retail; Banking", ["Retail", "Banking"], "Food, Drinks", 9])
def test_one_unknown_choice_of_several_refuses_the_value(value: object) -> None:
    with pytest.raises(ValueRejected) as rejected:
        CATEGORIES(value)
    assert rejected.value.code == "choiceNotFound"


def test_choices_are_sorted_as_numbers() -> None:
    convert = converter(choice("letter", *"ABCDEFGHIJ", kind=ColumnType.MULTI_SELECT))
    assert convert("J;B;A") == "1,2,10"


@pytest.mark.parametrize(
    ("value", "yes"),
    [
        (True, True),
        (False, False),
        ("true", True),
        ("FALSE", False),
        (" Yes ", True),
        ("no", False),
        ("Y", True),
        ("n", False),
        (1, True),
        (0, False),
        ("1", True),
        ("0", False),
        ("do not allow", True),
        ("Allow", False),
    ],
)
def test_yes_or_no_is_read_from_words_and_labels(value: object, yes: object) -> None:
    assert DO_NOT_PHONE(value) is yes


@pytest.mark.parametrize("value", ["maybe", 2, -1, "Uncertain", ["yes"], {"value": True}, 1.5])
def test_what_is_neither_yes_nor_no_is_refused(value: object) -> None:
    with pytest.raises(ValueRejected) as rejected:
        DO_NOT_PHONE(value)
    assert rejected.value.code == "notYesOrNo"


def test_the_organizations_own_labels_go_before_the_usual_words() -> None:
    reversed_labels = (Option(0, "Yes"), Option(1, "No"))
    assert converter(column("optedout", ColumnType.BOOLEAN, options=reversed_labels))("Yes") is False
