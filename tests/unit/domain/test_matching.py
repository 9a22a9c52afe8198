from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.domain.ids import ObjectType, record_id
from shared.domain.match_decisions import Match
from shared.domain.matching import (
    MATCH_COLUMNS,
    Ambiguous,
    Candidates,
    Choice,
    Chosen,
    ChosenGone,
    Decision,
    ExistingRecord,
    Identity,
    ReadOnlyMatch,
    identify,
    lookups,
)
from shared.domain.preferences import RULES_OF, MatchRule, OnReadOnlyMatch, OnSeveralMatches
from shared.domain.websites import website_domain, website_spellings
from tests.builders import TENANT, existing, preferences, record

LEAD, ACCOUNT = ObjectType.LEAD, ObjectType.ACCOUNT
OURS = record_id(TENANT, LEAD, "another vendor id")
OUR_ACCOUNT = record_id(TENANT, ACCOUNT, "another vendor id")
ADA: dict[str, Any] = {
    "id": 1,
    "firstName": "Ada",
    "lastName": "Ngata",
    "companyName": "Contoso",
    "email": "ada@contoso.example",
}
ADA_THERE: dict[str, Any] = {"firstname": "Ada", "lastname": "Ngata", "companyname": "Contoso"}
CONTOSO: dict[str, Any] = {
    "id": 1,
    "name": "Contoso",
    "website": "https://www.contoso.example",
    "country": "United States",
}


def lead(fields: dict[str, Any], *found: ExistingRecord, **decisions: Any) -> Choice:
    return chosen(LEAD, fields, found, **decisions)


def account(fields: dict[str, Any], *found: ExistingRecord, **decisions: Any) -> Choice:
    return chosen(ACCOUNT, fields, found, **decisions)


def chosen(
    object_type: ObjectType, fields: dict[str, Any], found: Iterable[ExistingRecord], **more: Any
) -> Choice:
    decided = preferences(object_type, **more)
    identity = identify(record(**fields), TENANT, object_type, decided.match_rules)
    return Candidates(found, decided.match_rules).choose(identity, decided)


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


OLD = existing("old", created="2020-01-01T00:00:00Z", emailaddress1="ada@contoso.example")
NEW = existing("new", created="2026-01-01T00:00:00Z", emailaddress1="ada@contoso.example")
SHUT = existing("shut", created="2019-01-01T00:00:00Z", read_only=True, emailaddress1="ada@contoso.example")


@pytest.mark.parametrize(
    ("decision", "choice"),
    [
        (OnSeveralMatches.SKIP, Ambiguous(("old", "new"))),
        (OnSeveralMatches.UPDATE_OLDEST, OLD),
        (OnSeveralMatches.UPDATE_NEWEST, NEW),
    ],
)
def test_of_several_matches_the_preferences_choose(decision: OnSeveralMatches, choice: Choice) -> None:
    for found in ([OLD, NEW, SHUT], [SHUT, NEW, OLD]):
        assert lead(ADA, *found, on_several_matches=decision) == choice


def test_a_match_that_can_be_written_goes_before_one_that_cannot() -> None:
    assert lead(ADA, SHUT, NEW) is NEW


def test_a_read_only_match_is_left_alone_or_made_anew_as_the_preferences_say() -> None:
    assert lead(ADA, SHUT) == ReadOnlyMatch("shut")
    assert lead(ADA, SHUT, on_read_only_match=OnReadOnlyMatch.CREATE_NEW) is None


def test_before_a_record_is_made_anew_the_other_rules_have_their_turn() -> None:
    by_name = existing("y", **ADA_THERE)
    assert lead(ADA, SHUT, by_name, on_read_only_match=OnReadOnlyMatch.CREATE_NEW) is by_name
    assert lead(ADA, SHUT, by_name) == ReadOnlyMatch("shut")


def test_where_duplicates_are_allowed_only_the_own_id_counts() -> None:
    own = existing(record_id(TENANT, LEAD, "1"))
    assert lead(ADA, OLD, allow_duplicates=True) is None
    assert lead(ADA, OLD, own, allow_duplicates=True) is own


def test_a_record_that_two_questions_found_is_one_match() -> None:
    assert lead(ADA, OLD, OLD) is OLD


def decided(fields: dict[str, Any], *found: ExistingRecord, **more: Any) -> Decision:
    preferred = preferences(LEAD, **more)
    identity = identify(record(**fields), TENANT, LEAD, preferred.match_rules)
    return Candidates(found, preferred.match_rules).decide(identity, preferred)


def test_a_decision_tells_its_rule_its_candidates_and_which_was_chosen() -> None:
    own = existing(record_id(TENANT, LEAD, "1"))
    assert decided(ADA, own, OLD).match == Match("vendorId", (own.id,), own.id)
    assert decided(ADA, OLD).match == Match("email", ("old",), "old")
    assert decided(ADA, NEW, OLD, SHUT).match == Match("email", ("shut", "old", "new"), None)
    newest = decided(ADA, NEW, OLD, on_several_matches=OnSeveralMatches.UPDATE_NEWEST).match
    assert newest == Match("email", ("old", "new"), "new")
    assert decided(ADA, SHUT).match == Match("email", ("shut",), None)
    assert decided(ADA).match is None
    assert decided(ADA, OLD, allow_duplicates=True).match is None


def test_of_very_many_candidates_the_oldest_are_kept_and_the_chosen_one() -> None:
    many = [
        existing(f"{number:02d}", created=f"2026-01-{number:02d}", emailaddress1=ADA["email"])
        for number in range(1, 31)
    ]
    match = decided(ADA, *many, on_several_matches=OnSeveralMatches.UPDATE_NEWEST).match
    assert match is not None
    assert (len(match.candidates), match.candidates[0], match.candidates[-1]) == (25, "01", "30")
    assert "25 or more" in match.why
    few = decided(ADA, *many[:25], on_several_matches=OnSeveralMatches.UPDATE_OLDEST).match
    assert few is not None
    assert list(few.candidates) == [each.id for each in many[:25]]


def picked(chosen: Chosen, *found: ExistingRecord) -> Decision:
    decided = preferences(LEAD)
    identity = identify(record(**ADA), TENANT, LEAD, decided.match_rules)
    return Candidates(found, decided.match_rules).decide(replace(identity, chosen=chosen), decided)


def test_what_a_person_picked_goes_before_every_rule() -> None:
    own = existing(record_id(TENANT, LEAD, "1"))
    assert picked(Chosen("new"), OLD, NEW) == Decision(NEW, Match("choice", ("new",), "new"))
    assert picked(Chosen("new"), OLD, NEW, own).choice is NEW
    assert picked(Chosen("shut"), SHUT).choice == ReadOnlyMatch("shut")
    assert picked(Chosen("gone"), OLD).choice == ChosenGone("gone")


def test_a_new_record_that_a_person_asked_for_is_made_once() -> None:
    own = existing(record_id(TENANT, LEAD, "1"))
    assert picked(Chosen(None), OLD, NEW) == Decision(None, Match("choice", (), None))
    assert picked(Chosen(None), OLD, own).choice is own


def test_the_record_that_a_person_picked_is_asked_for() -> None:
    identity = replace(identify(record(**ADA), TENANT, LEAD, ()), chosen=Chosen("x"))
    (asked,) = lookups(LEAD, [identity], 500)
    assert asked.conditions == (("leadid", (identity.record_id, "x")),)


@pytest.mark.parametrize(
    ("match", "says"),
    [
        (Match("vendorId", ("x",), "x"), "this very vendor id"),
        (Match("email", ("x",), "x"), "e-mail address is the same"),
        (Match("email", ("x", "y"), None), "2 records match; none of them was chosen"),
        (Match("name", ("x", "y"), "x"), "the oldest was chosen"),
        (Match("name", ("x", "y"), "y"), "the newest was chosen"),
        (Match("website", ("x", "y", "z"), "y"), "3 records match; one was chosen"),
        (Match("choice", ("x",), "x"), "A person chose it."),
    ],
)
def test_a_decision_says_why(match: Match, says: str) -> None:
    assert says in match.why


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("https://www.contoso.example", "contoso.example"),
        ("http://contoso.example/", "contoso.example"),
        ("contoso.example", "contoso.example"),
        ("WWW.CONTOSO.EXAMPLE", "contoso.example"),
        ("//contoso.example/x", "contoso.example"),
        ("https://shop.contoso.example:8443/x?y#z", "shop.contoso.example"),
        ("https://user@contoso.example", "contoso.example"),
        ("https://contoso.example.", "contoso.example"),
        ("https://www.www.contoso.example", "contoso.example"),
        ("https://münchen.example", "münchen.example"),
        ("https://xn--mnchen-3ya.example", "xn--mnchen-3ya.example"),
        ("https://www.linkedin.com/", "linkedin.com"),
        ("https://www.linkedin.com/company/contoso", ""),
        ("https://uk.linkedin.com/company/contoso", ""),
        ("https://notlinkedin.com/company", "notlinkedin.com"),
        ("", ""),
        (" ", ""),
        ("contoso", ""),
        ("https://", ""),
        ("www.com", ""),
        ("N.A.", ""),
        ("n/a", ""),
        ("none", ""),
        ("-", ""),
        ("see contoso.example for more", ""),
        ("https://[::1]/", ""),
        ("https://[contoso", ""),
        ("10.0.0.1", ""),
        ("mailto:info@contoso.example", "contoso.example"),
    ],
)
def test_the_domain_of_an_address(address: str, domain: str) -> None:
    assert website_domain(address) == domain


_addresses = st.one_of(
    st.text(max_size=20),
    st.from_regex(
        r"(https?://)?(www\.)?[a-z0-9-]{1,8}(\.[a-z0-9-]{1,8}){0,3}(:[0-9]{1,5})?(/[a-z]{0,3})?",
        fullmatch=True,
    ),
)


@given(_addresses)
@example("www.com")
@example("www.www.contoso.example")
@example("https://www.contoso.example./")
def test_every_spelling_of_a_website_leads_back_to_its_domain(address: str) -> None:
    domain = website_domain(address)
    if domain:
        assert {website_domain(spelling) for spelling in website_spellings(domain)} == {domain}
        assert {f"https://www.{domain}", domain, f"http://{domain}/"} <= set(website_spellings(domain))


_people = st.fixed_dictionaries(
    {"id": st.integers(0, 50)},
    optional={
        "firstName": st.sampled_from(["Ada", "ada", "Bo", ""]),
        "lastName": st.sampled_from(["Ngata", "O'Neil", "Li"]),
        "companyName": st.sampled_from(["Contoso", "Fabrikam", " "]),
        "email": st.sampled_from(["a@x.example", "A@X.example", "b@x.example", "none"]),
        "name": st.sampled_from(["Contoso", "Fabrikam"]),
        "website": st.sampled_from(["contoso.example", "https://www.fabrikam.example/x", "none"]),
    },
)


@given(st.sampled_from(ObjectType), st.lists(_people, max_size=30), st.integers(3, 40))
def test_questions_split_by_size_ask_for_every_key(
    object_type: ObjectType, people: list[dict[str, Any]], most: int
) -> None:
    identities = [identify(record(**fields), TENANT, object_type, RULES_OF[object_type]) for fields in people]
    asked = lookups(object_type, identities, most)
    for lookup in asked:
        assert 0 < sum(len(values) for _, values in lookup.conditions) <= most
    for identity in identities:
        assert any(_asks_for(lookup.conditions, {f"{object_type}id": identity.record_id}) for lookup in asked)
        for wanted in _wanted(identity):
            assert any(_asks_for(lookup.conditions, wanted) for lookup in asked)


def _wanted(identity: Identity) -> Iterable[dict[str, str]]:
    for rule, key in identity.keys.items():
        if rule is MatchRule.WEBSITE:
            yield from ({"websiteurl": spelling} for spelling in website_spellings(key[0]))
        elif rule is MatchRule.NAME:
            yield {"name": key[0]}
        else:
            yield dict(zip(MATCH_COLUMNS[rule], key, strict=True))


def _asks_for(conditions: tuple[tuple[str, tuple[str, ...]], ...], wanted: dict[str, str]) -> bool:
    return dict.fromkeys(column for column, _ in conditions) == dict.fromkeys(wanted) and all(
        wanted[column] in values for column, values in conditions
    )


def test_the_same_key_is_asked_for_once() -> None:
    identities = [identify(record(**ADA), TENANT, LEAD, RULES_OF[LEAD])] * 3
    asked = lookups(LEAD, identities, 500)
    assert [[len(values) for _, values in lookup.conditions] for lookup in asked] == [[1], [1], [1, 1, 1]]
    assert lookups(LEAD, [], 500) == []
