"""Of several records, and of those that cannot be written, preferences and people choose."""

from dataclasses import replace
from typing import Any

import pytest
from matched import ADA, ADA_THERE, LEAD, lead

from shared.domain.ids import record_id
from shared.domain.match_decisions import Match
from shared.domain.matching import (
    Ambiguous,
    Candidates,
    Choice,
    Chosen,
    ChosenGone,
    Decision,
    ExistingRecord,
    ReadOnlyMatch,
    identify,
)
from shared.domain.preferences import OnReadOnlyMatch, OnSeveralMatches
from tests.builders import TENANT, existing, preferences, record

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
