"""By what a suggestion takes two names for the same thing."""

import pytest

from shared.domain.fields import Column, RequiredLevel, VendorField, VendorType
from shared.domain.ids import ObjectType
from shared.domain.suggest import Suggestion, suggest
from tests.builders import column


def found(label: str, *columns: Column, kind: VendorType = VendorType.TEXT) -> list[Suggestion]:
    field = VendorField("itsName", label, kind, example="")
    return suggest(ObjectType.LEAD, {field.name: field}, {each.name: each for each in columns})["itsName"]


def first(label: str, *columns: Column, kind: VendorType = VendorType.TEXT) -> str:
    return found(label, *columns, kind=kind)[0].column


OTHER = column("a_other", label="Aardvark")


@pytest.mark.parametrize(
    ("label", "same"),
    [
        ("Cell", "Mobile"),
        ("Employee", "Employees"),
        ("Visit Count", "Visit Number"),
        ("Mail", "Email"),
        ("Postal", "Zip"),
        ("Position", "Job"),
        ("Province", "State"),
        ("Telephone", "Phone"),
        ("Town", "City"),
        ("Site", "Website"),
        ("Web", "Website"),
        ("URL", "Website"),
    ],
)
def test_two_words_for_one_thing_are_one(label: str, same: str) -> None:
    (best, other) = found(label, OTHER, column("z_same", label=same))
    assert (best.column, best.score, other.score) == ("z_same", 2.0, 0.0)


@pytest.mark.parametrize(
    "word", ["a", "address", "business", "code", "e", "field", "main", "name", "of", "or", "person", "the"]
)
def test_words_that_every_name_may_have_make_nothing_alike(word: str) -> None:
    assert found(f"{word} fax", column("x", label=f"{word} town"))[0].score == 0
    assert found(f"{word} fax", column("x", label="Fax"))[0].score == 2


@pytest.mark.parametrize(
    ("kind", "form"),
    [(VendorType.EMAIL, "Email"), (VendorType.PHONE, "Phone"), (VendorType.URL, "Url")],
)
def test_of_two_columns_named_alike_the_one_made_for_it_comes_first(kind: VendorType, form: str) -> None:
    plain, made = column("a_plain", label="Contact"), column("b_made", label="Contact", format=form)
    assert first("Contact", plain, made, kind=kind) == "b_made"
    assert first("Contact", plain, made) == "a_plain"


def test_of_two_columns_named_alike_the_one_that_has_to_be_filled_comes_first() -> None:
    plain = column("a_plain", label="Town Hall")
    for level in (RequiredLevel.APPLICATION, RequiredLevel.RECOMMENDED):
        wanted = column("b_wanted", label="Town Hall", required_level=level)
        assert first("Town", plain, wanted) == "b_wanted"
        assert first("Fax", plain, wanted) == "a_plain"


def test_the_very_same_name_beats_one_that_shares_its_words() -> None:
    shares = column("a_shares", label="Fax Town", required_level=RequiredLevel.APPLICATION)
    assert first("Town Fax", shares, column("b_same", label="TOWN FAX")) == "b_same"
    assert first("Its Own", shares, column("itsname", label="Nothing Alike")) == "itsname"


def test_columns_that_cannot_be_written_are_not_suggested() -> None:
    assert found("Town", column("town", creatable=False, updatable=False)) == []
