"""By which values a vendor record matches one of Dynamics, and by which it does not."""

from typing import Any

import pytest
from matched import ACCOUNT, ADA, ADA_THERE, CONTOSO, LEAD, OUR_ACCOUNT, OURS, account, lead

from shared.domain.ids import record_id
from shared.domain.matching import (
    ReadOnlyMatch,
)
from shared.domain.preferences import RULES_OF, MatchRule, OnReadOnlyMatch
from tests.builders import TENANT, existing


def test_nothing_found_means_a_new_record() -> None:
    assert lead(ADA) is None
    assert lead(ADA, existing("x", emailaddress1="bob@contoso.example", lastname="Bo")) is None


def test_the_record_of_the_same_vendor_id_goes_before_every_rule() -> None:
    own = existing(record_id(TENANT, LEAD, "1"), emailaddress1="old@contoso.example")
    same_email = existing("x", emailaddress1="ada@contoso.example")
    assert lead(ADA, same_email, own) is own


def test_the_record_of_the_same_vendor_id_is_never_given_up_because_it_is_read_only() -> None:
    own = existing(record_id(TENANT, LEAD, "1"), read_only=True)
    for decision in OnReadOnlyMatch:
        assert lead(ADA, own, on_read_only_match=decision) == ReadOnlyMatch(own.id)


def test_rules_are_tried_in_the_order_of_the_preferences() -> None:
    by_email = existing("x", emailaddress1="ada@contoso.example")
    by_name = existing("y", **ADA_THERE)
    assert lead(ADA, by_name, by_email) is by_email
    reversed_rules = (MatchRule.NAME_AND_COMPANY, MatchRule.EMAIL)
    assert lead(ADA, by_email, by_name, match_rules=reversed_rules) is by_name
    assert lead(ADA, by_email, match_rules=(MatchRule.NAME_AND_COMPANY,)) is None


@pytest.mark.parametrize("email", ["ADA@contoso.example", "Ada@Contoso.Example", " ada@contoso.example "])
def test_an_email_address_is_the_same_in_any_case(email: str) -> None:
    there = existing("x", emailaddress1="aDa@CONTOSO.example")
    assert lead(ADA | {"email": email}, there) is there


@pytest.mark.parametrize("email", ["", "n/a", "none", None, 7, ["ada@contoso.example"]])
def test_what_is_no_email_address_matches_nobody(email: object) -> None:
    there = existing("x", emailaddress1=email)
    assert lead({"id": 1, "email": email}, there) is None


def test_a_name_matches_only_with_its_company_and_in_any_case() -> None:
    there = existing("x", firstname="ADA", lastname="ngata", companyname="CONTOSO")
    without_email = {name: value for name, value in ADA.items() if name != "email"}
    assert lead(without_email, there) is there
    for missing in ("firstName", "lastName", "companyName"):
        assert lead(without_email | {missing: " "}, there) is None
    assert lead(without_email | {"companyName": "Fabrikam"}, there) is None


@pytest.mark.parametrize("theirs", ["", " ", None, "ADA@contoso.example "])
def test_a_name_matches_where_the_email_addresses_do_not_speak_against_it(theirs: str | None) -> None:
    by_name = {"match_rules": (MatchRule.NAME_AND_COMPANY,)}
    there = existing("x", **ADA_THERE, emailaddress1=theirs)
    assert lead(ADA, there, **by_name) is there
    assert lead(ADA | {"email": ""}, there, **by_name) is there


@pytest.mark.parametrize("rules", [RULES_OF[LEAD], (MatchRule.NAME_AND_COMPANY,)])
def test_people_of_one_name_with_two_email_addresses_are_two(rules: Any) -> None:
    there = existing("x", **ADA_THERE, emailaddress1="ada.ngata@contoso.example")
    assert lead(ADA, there, match_rules=rules) is None


def test_of_two_people_of_one_name_the_one_without_another_address_matches() -> None:
    other = existing("x", **ADA_THERE, emailaddress1="ada.ngata@contoso.example")
    bare = existing("y", **ADA_THERE)
    assert lead(ADA, other, bare) is bare


@pytest.mark.parametrize("rules", [RULES_OF[ACCOUNT], (MatchRule.NAME,)])
def test_companies_of_one_name_with_two_websites_are_two(rules: Any) -> None:
    there = existing("x", name="Contoso", websiteurl="https://contoso.test")
    assert account(CONTOSO, there, match_rules=rules) is None


@pytest.mark.parametrize(
    "theirs", [None, "none", "https://linkedin.com/company/contoso", "CONTOSO.example/en"]
)
def test_a_website_that_is_none_or_the_same_does_not_speak_against_a_name(theirs: str | None) -> None:
    there = existing("x", name="Contoso", websiteurl=theirs)
    assert account(CONTOSO, there, match_rules=(MatchRule.NAME,)) is there


def test_names_do_not_run_into_each_other() -> None:
    there = existing("x", firstname="a\nb", lastname="c", companyname="d")
    assert lead({"id": 1, "firstName": "a", "lastName": "b\nc", "companyName": "d"}, there) is None


@pytest.mark.parametrize("rules", [RULES_OF[LEAD], (MatchRule.NAME_AND_COMPANY,)])
def test_a_record_that_we_made_for_another_vendor_id_never_matches_by_name(rules: Any) -> None:
    ours = existing(OURS, **ADA_THERE)
    assert lead(ADA, ours, match_rules=rules) is None


def test_a_record_that_we_made_for_another_vendor_id_matches_by_email() -> None:
    ours = existing(OURS, emailaddress1="ada@contoso.example")
    assert lead(ADA, ours) is ours


@pytest.mark.parametrize("values", [{"websiteurl": "contoso.example"}, {"name": "Contoso"}])
def test_an_account_that_we_made_for_another_vendor_id_never_matches(values: dict[str, Any]) -> None:
    assert account(CONTOSO, existing(OUR_ACCOUNT, **values)) is None
    assert account(CONTOSO, foreign := existing("x", **values)) is foreign


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"zipCode": "98052"}, {"address1_postalcode": "98052"}),
        ({"zipCode": "98052"}, {}),
        ({}, {"address1_postalcode": "98052"}),
        ({"country": "united states"}, {"address1_country": "United States "}),
        ({"zipCode": "98052", "country": "France"}, {"address1_postalcode": " ", "address1_country": None}),
        ({"country": "USA"}, {"address1_country": "United States"}),
        ({"country": "United States of America"}, {"address1_country": "U.S."}),
        ({"country": "Deutschland"}, {"address1_country": "de"}),
        ({"country": "Atlantis"}, {"address1_country": "ATLANTIS"}),
        ({"zipCode": "98052-6399"}, {"address1_postalcode": "98052"}),
        ({"zipCode": "02139"}, {"address1_postalcode": "2139"}),
        ({"zipCode": "SW1A 1AA"}, {"address1_postalcode": "sw1a1aa"}),
        ({"zipCode": "01310-100"}, {"address1_postalcode": "01310100"}),
    ],
)
def test_a_company_of_the_same_name_matches_where_nothing_speaks_against_it(
    ours: dict[str, Any], theirs: dict[str, Any]
) -> None:
    there = existing("x", name="CONTOSO", **theirs)
    assert account({"id": 1, "name": "Contoso", **ours}, there) is there


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"zipCode": "98052"}, {"address1_postalcode": "75001"}),
        ({"country": "France"}, {"address1_country": "Germany"}),
        ({"country": "Atlantis"}, {"address1_country": "France"}),
        ({"zipCode": "01310-100"}, {"address1_postalcode": "01310-200"}),
        ({"zipCode": "98052-6399"}, {"address1_postalcode": "98053"}),
        (
            {"zipCode": "98052", "country": "France"},
            {"address1_postalcode": "98052", "address1_country": "Germany"},
        ),
    ],
)
def test_a_company_of_the_same_name_elsewhere_is_another_one(
    ours: dict[str, Any], theirs: dict[str, Any]
) -> None:
    assert account({"id": 1, "name": "Contoso", **ours}, existing("x", name="Contoso", **theirs)) is None


def test_a_website_is_recognized_in_every_spelling() -> None:
    for spelling in ("contoso.example", "HTTP://WWW.Contoso.Example/", "https://contoso.example/en?x=1"):
        there = existing("x", websiteurl=spelling)
        assert account(CONTOSO, there) is there


def test_two_pages_of_a_site_of_many_are_two_companies() -> None:
    there = existing("x", websiteurl="https://www.facebook.com/fabrikam")
    assert account({"id": 1, "website": "https://facebook.com/contoso"}, there) is None
