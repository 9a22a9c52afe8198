"""Verification of a row's options, of lookups and blocks: codes, and what has to be adjusted."""

import pytest

from shared.domain.compiled.lookups import Targets
from shared.domain.fields import ColumnType
from shared.domain.ids import ObjectType
from shared.domain.mapping import MappingRow, PhoneFormat, TooLong
from shared.domain.vendor_catalog import vendor_fields
from shared.domain.verify import verify
from tests.builders import OVERWRITE, catalog, choice, column, constant, options, row, template
from tests.unit.domain.linked import CUSTOMER, OWNER, PARENT, TARGETS, fixed_owner, lookup

PEOPLE = vendor_fields(ObjectType.LEAD)
TABLE = catalog(
    column("fax"),
    column("city"),
    column("numberofemployees", ColumnType.INTEGER),
    column("flag", ColumnType.BOOLEAN),
    column("seen", ColumnType.DATE_TIME),
    choice("package", "Box", "Bag"),
    choice("many", "A", "B", kind=ColumnType.MULTI_SELECT),
    column("photo", ColumnType.IMAGE),
    column("contract", ColumnType.FILE),
    column("key", ColumnType.UNIQUE_IDENTIFIER),
    PARENT,
    CUSTOMER,
    OWNER,
)
FAX = row("fax", "fax")
PACKAGE = row("companyType", "package")
SEEN = row("validDate", "seen")
FLAG = row("withinEu", "flag")


@pytest.mark.parametrize(
    ("wrong", "code", "says"),
    [
        (row("companyLogo", "photo"), "columnNotMappable", "“Photo” is an image"),
        (row("companyLogo", "contract"), "columnNotMappable", "is a file"),
        (row("companyName", "key"), "columnNotMappable", "key that Dynamics gives itself"),
        (
            row("companyRevenueRange", "numberofemployees"),
            "typeMismatch",
            "is text; “Numberofemployees” takes whole",
        ),
        (
            options(FAX, choices=(("a", 1),)),
            "optionUnfitting",
            "a value map is for choices, and “Fax” takes text",
        ),
        (options(FAX, date_format="DD.MM.YYYY"), "optionUnfitting", "date format is for dates"),
        (options(FAX, true_words=("ja",)), "optionUnfitting", "words for yes"),
        (options(SEEN, too_long=TooLong.CUT), "optionUnfitting", "for texts"),
        (options(PACKAGE, phone_format=PhoneFormat.E164), "optionUnfitting", "phone format"),
        (options(PACKAGE, separator="|"), "optionUnfitting", "separator"),
        (lookup("companyName", TABLE["fax"]), "optionUnfitting", "rule for finding records is for lookups"),
        (
            options(PACKAGE, choices=(("Crate", "Bocks"),)),
            "choiceNotFound",
            "no choice “Bocks” in “Package”. Available: Box (1), Bag (2).",
        ),
        (options(PACKAGE, other_choice=9), "choiceNotFound", "no choice “9”"),
        (options(PACKAGE, choices=((" ", "Box"),)), "wordMissing", "vendor's word"),
        (
            options(SEEN, date_format="DD.MM.YY"),
            "dateFormatInvalid",
            "for example DD.MM.YYYY; “DD.MM.YY” is none",
        ),
        (
            options(FLAG, true_words=("Ja",), false_words=("ja ",)),
            "wordsContradict",
            "“ja” stands for yes and for no",
        ),
        (options(FLAG, true_words=("",)), "wordMissing", "blank"),
        (options(FAX, separator=""), "separatorMissing", "between the items"),
        (
            row("companyName", "parentaccountid"),
            "lookupUnresolved",
            "“Parentaccountid” needs a rule for finding the account",
        ),
        (
            lookup("companyName", PARENT, table="contact"),
            "lookupTargetUnknown",
            "points at account, not at “contact”",
        ),
        (
            lookup("companyName", PARENT, table="account')/x?$select=*"),
            "lookupTargetUnknown",
            "points at account",
        ),
        (lookup("companyName", CUSTOMER, table="contact"), "lookupTargetUnknown", "cannot be read"),
        (lookup("companyName", PARENT, by="name'\r\n"), "lookupColumnUnknown", "Account has no field"),
        (lookup("companyName", PARENT, by="revenue"), "lookupColumnUnfitting", "by “Annual Revenue”"),
        (lookup("companyName", PARENT, by=""), "lookupUnresolved", "needs a rule"),
        (lookup("withinEu", PARENT), "typeMismatch", "is yes or no; “Parentaccountid” takes a record"),
        (options(constant("x", "fax"), block="a"), "blockConstant", "fixed value"),
        (options(template("{street} {companyCity}", "fax"), block="a"), "blockMixed", "mixes two sources"),
        (options(FAX, block=" "), "blockMissing", "name for the block"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " not in value else "",
)
def test_a_wrong_option_is_told_by_its_row_and_what_to_adjust(
    wrong: MappingRow, code: str, says: str
) -> None:
    found = verify([row("firstName", "city"), wrong], PEOPLE, TABLE, TARGETS)
    assert [(problem.code, problem.row, problem.column) for problem in found] == [(code, 2, wrong.column)]
    assert found[0].message.startswith("Row 2: ")
    assert says in found[0].message


@pytest.mark.parametrize(
    "right",
    [
        options(PACKAGE, choices=(("Crate", "box"), ("Sack", 2)), other_choice="Bag"),
        options(row("companyIndustries", "many"), separator=" / ", choices=(("x", "A"),)),
        options(SEEN, date_format="DD.MM.YYYY HH:mm"),
        options(FLAG, true_words=("ja",), false_words=("nein",)),
        options(row("phone", "fax"), phone_format=PhoneFormat.E164, too_long=TooLong.CUT),
        options(constant("31.01.2026", "seen"), date_format="DD.MM.YYYY"),
        options(constant("Crate", "package"), choices=(("Crate", "Box"),)),
        options(row("jobTitle", "fax", OVERWRITE), protect_edits=True),
        lookup("companyName", PARENT),
        lookup("companyId", CUSTOMER, by="accountid"),
        fixed_owner("ada@contoso.example"),
    ],
)
@pytest.mark.parametrize("targets", [None, TARGETS])
def test_a_right_option_has_no_problem(right: MappingRow, targets: Targets | None) -> None:
    assert verify([right], PEOPLE, TABLE, targets) == []


def test_the_rows_of_a_block_agree_on_when_they_may_write() -> None:
    rows = [options(row("street", "fax"), block="a"), options(row("city", "city", OVERWRITE), block="a")]
    assert [(each.code, each.row) for each in verify(rows, PEOPLE, TABLE)] == [("blockOptionsDiffer", 2)]


def test_all_rows_of_a_column_belong_to_its_block() -> None:
    rows = [options(row("street", "fax"), block="a"), row("companyStreet", "fax")]
    assert [(each.code, each.row) for each in verify(rows, PEOPLE, TABLE)] == [("blockPartial", 2)]


def test_ten_thousand_rows_are_refused_at_once() -> None:
    rows = [options(row("x", "y'); drop"), choices=(("a", "b"),))] * 10_000
    assert [problem.code for problem in verify(rows, PEOPLE, TABLE)] == ["tooManyRows"]


@pytest.mark.parametrize(
    "name",
    ["fax'", "fax)", "$select", "fax\r\nHost: x", "факс", "传真", "fax/../..", "fax\x00", "ﬁax", "FAX"],
)
def test_a_column_name_that_is_none_is_unknown_whatever_it_tries(name: str) -> None:
    [problem] = verify([row("fax", name)], PEOPLE, TABLE)
    assert (problem.code, problem.column) == ("columnUnknown", name)
