from typing import Any

import pytest

from shared.domain.default_mapping import default_rows
from shared.domain.ids import ObjectType, record_id
from shared.domain.match_decisions import Match
from shared.domain.matching import Candidates, Chosen
from shared.domain.plan import Create, MergedInto, PlanRules, Reject, Skip, Unchanged, Update, plan_chunk
from shared.domain.preferences import OnReadOnlyMatch, OnSeveralMatches
from tests.builders import (
    CREATE_ONLY,
    FILL,
    OVERWRITE,
    REQUIRED,
    TENANT,
    catalog,
    column,
    compiled,
    preferences,
    record,
    row,
    standard,
    unreadable,
)
from tests.unit.domain.planning import Organization

LEAD = ObjectType.LEAD
COLUMNS = catalog(
    column("firstname"),
    column("lastname", required_level=REQUIRED, max_length=12),
    column("companyname"),
    column("emailaddress1"),
    column("telephone1", max_length=10),
    column("jobtitle"),
    column("description"),
)
MAPPING = compiled(
    COLUMNS,
    row("firstName", "firstname"),
    row("lastName", "lastname"),
    row("companyName", "companyname"),
    row("email", "emailaddress1"),
    row("phone", "telephone1", FILL),
    row("jobTitle", "jobtitle", OVERWRITE),
    row("companyDescription", "description", CREATE_ONLY),
)
ADA: dict[str, Any] = {"id": 1, "firstName": "Ada", "lastName": "Ngata", "companyName": "Contoso"}
ADA_THERE: dict[str, Any] = {"firstname": "Ada", "lastname": "Ngata", "companyname": "Contoso"}


def organization(rows: dict[str, dict[str, Any]] | None = None, **decisions: Any) -> Organization:
    return Organization(LEAD, MAPPING, preferences(**decisions), rows or {})


def key(vendor_id: object) -> str:
    return record_id(TENANT, LEAD, str(vendor_id))


def test_an_unknown_record_is_created_under_a_key_of_its_own() -> None:
    (plan,) = organization().plans(record(**ADA, jobTitle="CEO", companyDescription="Tents"))
    assert plan == Create(key(1), ADA_THERE | {"jobtitle": "CEO", "description": "Tents"})


def test_a_known_record_gets_what_it_lacks_and_what_is_to_be_overwritten() -> None:
    there = organization({"x": ADA_THERE | {"telephone1": "1", "jobtitle": "CFO"}})
    (plan,) = there.plans(
        record(**ADA, phone="2", jobTitle="CEO", email="a@x.example", companyDescription="T")
    )
    assert plan == Update("x", 'W/"x"', {"jobtitle": "CEO", "emailaddress1": "a@x.example"})


def test_a_change_keeps_what_it_replaces() -> None:
    there = {**ADA_THERE, "jobtitle": "Clerk", "telephone1": None}
    (plan,) = organization({key(1): there}).plans(record(**ADA, jobTitle="CEO", phone="123"))
    assert isinstance(plan, Update)
    assert plan.before == {"jobtitle": "Clerk", "telephone1": None}


def test_a_known_record_that_has_everything_is_unchanged() -> None:
    assert organization({"x": ADA_THERE | {"jobtitle": "CEO"}}).plans(record(**ADA, jobTitle="CEO")) == [
        Unchanged("x")
    ]


def test_a_new_record_without_what_dynamics_requires_is_rejected_with_the_column() -> None:
    (plan,) = organization().plans(record(id=1, firstName="Ada"))
    assert plan == Reject(
        "requiredMissing", "Dynamics requires “Lastname”: the record has no value for it.", "lastname"
    )


def test_a_required_value_that_does_not_fit_is_told_as_what_it_is() -> None:
    (plan,) = organization().plans(record(id=1, lastName="x" * 13))
    assert isinstance(plan, Reject)
    assert plan.code == "requiredMissing"
    assert "holds 12 characters" in plan.reason


def test_a_known_record_needs_no_required_value_again() -> None:
    (plan,) = organization({key(1): ADA_THERE}).plans(record(id=1, jobTitle="CEO"))
    assert plan == Update(key(1), None, {"jobtitle": "CEO"})


def test_only_an_update_that_fills_minds_a_change_in_between() -> None:
    there = organization({"x": ADA_THERE, "y": ADA_THERE | {"lastname": "Li"}})
    fills, overwrites = there.plans(
        record(1, **ADA, phone="1", jobTitle="CEO"),
        record(2, **ADA | {"id": 2, "lastName": "Li"}, jobTitle="C"),
    )
    assert fills == Update("x", 'W/"x"', {"telephone1": "1", "jobtitle": "CEO"})
    assert overwrites == Update("y", None, {"jobtitle": "C"})


def test_where_creation_is_switched_off_unknown_records_are_skipped() -> None:
    (plan,) = organization(create_new=False).plans(record(**ADA))
    assert isinstance(plan, Skip)
    assert (plan.code, plan.id) == ("creationSwitchedOff", None)


def test_where_updates_are_switched_off_known_records_are_skipped_unless_unchanged() -> None:
    there = organization({"x": ADA_THERE}, update_existing=False)
    (plan,) = there.plans(record(**ADA, jobTitle="CEO"))
    assert isinstance(plan, Skip)
    assert (plan.code, plan.id) == ("updatesSwitchedOff", "x")
    assert there.plans(record(**ADA)) == [Unchanged("x")]


def test_several_matches_are_skipped_and_named() -> None:
    (plan,) = organization({"x": ADA_THERE, "y": ADA_THERE}).plans(record(**ADA))
    assert isinstance(plan, Skip)
    assert plan.code == "severalMatches"
    assert "2 records in Dynamics match: x, y." in plan.reason


def test_where_people_are_asked_several_matches_wait_for_a_choice() -> None:
    there = organization({"x": ADA_THERE, "y": ADA_THERE}, on_several_matches=OnSeveralMatches.ASK)
    (planned,) = there.plan(record(**ADA))
    assert isinstance(planned.plan, Skip)
    assert planned.plan.code == "choiceNeeded"
    assert planned.match == Match("nameAndCompany", ("x", "y"), None)
    assert planned.match.is_open


def test_what_a_person_chose_is_written_and_nothing_else() -> None:
    rows = {"x": ADA_THERE, "y": ADA_THERE}
    for chosen, plan in [
        (Chosen("y"), Update("y", 'W/"y"', {"telephone1": "1"})),
        (Chosen(None), Create(key(1), ADA_THERE | {"telephone1": "1"})),
    ]:
        there = organization(rows)
        there.choices = {1: chosen}
        assert there.plans(record(**ADA, phone="1")) == [plan]
    there = organization(rows)
    there.choices = {1: Chosen("z")}
    (gone,) = there.plans(record(**ADA, phone="1"))
    assert isinstance(gone, Reject)
    assert gone.code == "chosenGone"


def test_every_plan_for_a_known_record_tells_how_it_was_recognized() -> None:
    there = organization({"x": ADA_THERE | {"emailaddress1": "a@x.example"}}, update_existing=False)
    ada = ADA | {"email": "A@x.example"}
    same, more, new = there.plan(record(1, **ada), record(2, **ada, phone="1"), record(3, id=3, lastName="N"))
    assert same.match == Match("email", ("x",), "x")
    assert (more.match, new.match) == (None, None)


@pytest.mark.parametrize(
    ("object_type", "word"), [(ObjectType.LEAD, "qualified"), (ObjectType.ACCOUNT, "inactive")]
)
def test_a_read_only_match_is_skipped_with_the_reason_of_its_object(
    object_type: ObjectType, word: str
) -> None:
    own = record_id(TENANT, object_type, "1")
    there = Organization(object_type, MAPPING, rows={own: {}}, read_only=frozenset({own}))
    (plan,) = there.plans(record(**ADA))
    assert isinstance(plan, Skip)
    assert (plan.code, plan.id) == ("readOnlyMatch", own)
    assert word in plan.reason


def test_a_read_only_match_is_made_anew_where_the_preferences_say_so() -> None:
    decided = preferences(on_read_only_match=OnReadOnlyMatch.CREATE_NEW)
    there = Organization(LEAD, MAPPING, decided, {"x": ADA_THERE}, frozenset({"x"}))
    assert there.plans(record(**ADA)) == [Create(key(1), ADA_THERE)]


def test_a_record_that_cannot_be_read_is_rejected_with_its_own_reason() -> None:
    planned = organization().plan(unreadable(1), record(2, **ADA))
    assert planned[0].plan == Reject("malformedJson", "Line 1 cannot be read.")
    assert planned[0].vendor_id is None
    assert isinstance(planned[1].plan, Create)


def test_a_row_that_fails_its_record_rejects_it_with_the_column() -> None:
    mapping = compiled(COLUMNS, row("lastName", "lastname"), row("phone", "telephone1", fails=True))
    there = Organization(LEAD, mapping)
    plans = there.plans(
        record(1, id=1, lastName="N", phone="1" * 11), record(2, id=2, lastName="N", phone="1")
    )
    assert isinstance(plans[0], Reject)
    assert (plans[0].code, plans[0].column) == ("tooLong", "telephone1")
    assert isinstance(plans[1], Create)


def test_what_is_left_out_is_noted_once() -> None:
    mapping = compiled(
        COLUMNS, row("lastName", "lastname"), row("phone", "telephone1"), row("mobilePhone", "telephone1")
    )
    (planned,) = Organization(LEAD, mapping).plan(record(**ADA, phone="1" * 11, mobilePhone="1" * 12))
    assert isinstance(planned.plan, Create)
    assert planned.note == "Telephone1 holds 10 characters; the value is longer."
    assert planned.column == "telephone1"


def test_one_vendor_id_twice_is_written_once_with_what_both_bring() -> None:
    there = organization()
    plans = there.plans(record(1, **ADA), record(2, id=2, lastName="Bo"), record(3, **ADA, phone="1"))
    assert plans == [
        Create(key(1), ADA_THERE | {"telephone1": "1"}),
        Create(key(2), {"lastname": "Bo"}),
        MergedInto(1, contributed=True),
    ]


def test_a_repetition_that_brings_nothing_new_says_so() -> None:
    plans = organization().plans(record(1, **ADA, phone="1"), record(2, **ADA, phone="2"))
    assert plans == [Create(key(1), ADA_THERE | {"telephone1": "1"}), MergedInto(1, contributed=False)]


def test_a_repetition_contributes_only_what_changes_the_record_in_dynamics() -> None:
    there = organization({"x": ADA_THERE | {"telephone1": "0"}})
    assert there.plans(record(1, **ADA), record(2, **ADA, phone="1")) == [
        Unchanged("x"),
        MergedInto(1, contributed=False),
    ]


def test_the_later_of_two_overwrites_the_earlier() -> None:
    (plan, merged) = organization().plans(record(1, **ADA, jobTitle="CFO"), record(2, **ADA, jobTitle="CEO"))
    assert plan == Create(key(1), ADA_THERE | {"jobtitle": "CEO"})
    assert merged == MergedInto(1, contributed=True)


def test_a_repetition_brings_the_required_value_that_the_first_one_lacks() -> None:
    plans = organization().plans(record(1, id=1, firstName="Ada"), record(2, id=1, lastName="Ngata"))
    assert plans == [
        Create(key(1), {"firstname": "Ada", "lastname": "Ngata"}),
        MergedInto(1, contributed=True),
    ]


def test_a_rejected_repetition_leaves_the_first_record_alone() -> None:
    mapping = compiled(
        COLUMNS, row("lastName", "lastname"), row("phone", "telephone1", OVERWRITE, fails=True)
    )
    plans = Organization(LEAD, mapping).plans(
        record(1, id=1, lastName="N", phone="1"), record(2, id=1, lastName="N", phone="2" * 11)
    )
    assert plans[0] == Create(key(1), {"lastname": "N", "telephone1": "1"})
    assert isinstance(plans[1], Reject)


def test_two_vendor_ids_of_one_email_address_are_one_person() -> None:
    plans = organization().plans(
        record(1, **ADA, email="ada@contoso.example"),
        record(2, id=2, lastName="Ngata", email="ADA@contoso.example", phone="1"),
    )
    assert plans[0] == Create(key(1), ADA_THERE | {"emailaddress1": "ada@contoso.example", "telephone1": "1"})
    assert plans[1] == MergedInto(1, contributed=True)


def test_where_duplicates_are_allowed_two_vendor_ids_of_one_email_address_stay_two() -> None:
    plans = organization(allow_duplicates=True).plans(
        record(1, **ADA, email="a@x.example"), record(2, **ADA | {"id": 2}, email="a@x.example")
    )
    assert [type(plan) for plan in plans] == [Create, Create]


def test_two_people_of_one_name_at_one_company_stay_two() -> None:
    there = organization()
    people = [
        record(1, **ADA, email="ada@contoso.example"),
        record(2, **ADA | {"id": 2}, email="ada.ngata@contoso.example"),
        record(3, **ADA | {"id": 3}),
    ]
    assert [type(planned.plan) for planned in there.export(*people)] == [Create, Create, Create]
    assert there.plans(*people) == [Unchanged(key(1)), Unchanged(key(2)), Unchanged(key(3))]


def test_one_vendor_id_twice_is_one_record_even_if_only_one_of_them_has_the_email_address() -> None:
    there = organization({"x": {"lastname": "N", "emailaddress1": "ada@contoso.example"}})
    plans = there.plans(record(1, **ADA, email="ada@contoso.example"), record(2, **ADA, phone="1"))
    assert isinstance(plans[0], Update)
    assert plans[0].values == {"firstname": "Ada", "companyname": "Contoso", "telephone1": "1"}
    assert plans[1] == MergedInto(1, contributed=True)


def test_one_vendor_id_twice_is_one_record_even_if_the_first_was_merged_by_email_address() -> None:
    there = organization()
    people = [
        record(1, **ADA, email="a@x.example"),
        record(2, id=2, lastName="B", email="a@x.example"),
        record(3, id=2, lastName="B"),
    ]
    plans = [planned.plan for planned in there.export(*people)]
    assert plans[1:] == [MergedInto(1, contributed=False), MergedInto(1, contributed=False)]
    assert len(there.rows) == 1
    assert there.plans(*people)[0] == Unchanged(key(1))


def test_an_email_address_that_an_earlier_record_brings_to_a_lead_is_recognized_in_the_same_chunk() -> None:
    there = organization({"x": ADA_THERE})
    people = [record(1, **ADA, email="a@x.example"), record(2, id=2, lastName="B", email="A@x.example")]
    there.export(*people)
    assert list(there.rows) == ["x"]
    assert there.plans(*people) == [Unchanged("x"), MergedInto(1, contributed=False)]


def test_a_record_that_dynamics_has_under_its_vendor_id_keeps_its_own_row() -> None:
    there = organization({key(2): {"lastname": "B"}})
    plans = there.plans(
        record(1, **ADA, email="a@x.example"), record(2, id=2, lastName="B", email="a@x.example")
    )
    assert isinstance(plans[0], Create)
    assert plans[1] == Update(key(2), f'W/"{key(2)}"', {"emailaddress1": "a@x.example"})


def test_a_second_address_of_a_vendor_id_does_not_take_in_somebody_who_has_it_too() -> None:
    """Dynamics keeps the first address: whoever has the second one would not be found by it the next time."""
    there = organization()
    ada, bo = ADA | {"email": "a@x.example"}, {"id": 2, "lastName": "Bo", "email": "b@x.example"}
    people = [record(1, **ada), record(2, **ADA | {"email": "b@x.example"}), record(3, **bo)]
    plans = [planned.plan for planned in there.export(*people)]
    assert [type(plan) for plan in plans] == [Create, MergedInto, Create]
    assert there.plans(*people) == [Unchanged(key(1)), MergedInto(1, contributed=False), Unchanged(key(2))]
    assert there.plans(record(1, **bo)) == [Unchanged(key(2))]


def test_a_second_address_counts_where_its_row_overwrites() -> None:
    mapping = compiled(COLUMNS, row("lastName", "lastname"), row("email", "emailaddress1", OVERWRITE))
    there = Organization(LEAD, mapping)
    plans = there.plans(
        record(1, id=1, lastName="N", email="a@x.example"),
        record(2, id=1, lastName="N", email="b@x.example"),
        record(3, id=2, lastName="N", email="b@x.example"),
    )
    assert isinstance(plans[0], Create)
    assert plans[0].values["emailaddress1"] == "b@x.example"
    assert [type(plan) for plan in plans[1:]] == [MergedInto, MergedInto]


def test_whom_dynamics_knows_by_an_address_is_that_record_and_not_one_of_the_chunk() -> None:
    there = organization({"x": {"lastname": "Bo", "emailaddress1": "a@x.example"}})
    people = [record(1, id=1, lastName="N"), record(2, id=1, lastName="N", email="a@x.example")]
    bo = record(3, id=2, lastName="Bo", email="a@x.example", phone="1")
    assert there.plans(*people, bo)[2] == Update("x", 'W/"x"', {"telephone1": "1"})


def test_several_companies_of_one_vendor_id_are_one_account() -> None:
    columns = standard(ObjectType.ACCOUNT)
    mapping = compiled(columns, *default_rows(ObjectType.ACCOUNT, columns))
    there = Organization(ObjectType.ACCOUNT, mapping)
    plans = there.plans(
        record(1, id=1652044, name="Alphabet Inc. (Class A)", ticker="GOOGL"),
        record(2, id=1652044, name="Alphabet Inc. (Class C)", ticker="GOOG"),
    )
    assert isinstance(plans[0], Create)
    assert plans[0].values == {"name": "Alphabet Inc. (Class A)", "tickersymbol": "GOOGL"}
    assert plans[1] == MergedInto(1, contributed=False)


def test_two_new_companies_of_one_website_stay_two() -> None:
    columns = standard(ObjectType.ACCOUNT)
    mapping = compiled(columns, *default_rows(ObjectType.ACCOUNT, columns))
    there = Organization(ObjectType.ACCOUNT, mapping)
    companies = [
        record(1, id=1, name="Contoso Retail", website="contoso.example"),
        record(2, id=2, name="Contoso Bank", website="contoso.example"),
    ]
    assert [type(planned.plan) for planned in there.export(*companies)] == [Create, Create]
    assert [type(plan) for plan in there.plans(*companies)] == [Unchanged, Unchanged]


def test_records_without_a_vendor_id_are_told_apart_by_their_content() -> None:
    plans = organization().plans(
        record(1, lastName="Ngata"), record(2, lastName="Bo"), record(3, lastName="Ngata")
    )
    assert [type(plan) for plan in plans] == [Create, Create, MergedInto]


def test_a_chunk_of_nothing_has_no_plans() -> None:
    assert plan_chunk([], {}, Candidates([], ()), PlanRules(LEAD, MAPPING, preferences())) == []
