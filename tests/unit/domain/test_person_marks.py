from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.ids import ObjectType, TenantId
from shared.domain.matching import Candidates, identify
from shared.domain.person_marks import MARK_BYTES, Mark, mark_of
from shared.domain.plan import MergedInto, PlanRules, plan_chunk
from shared.domain.preferences import RULES_OF, MatchRule
from tests.builders import TENANT, compiled, preferences, record, row, texts, unreadable

LEAD, ACCOUNT = ObjectType.LEAD, ObjectType.ACCOUNT
ADA: dict[str, Any] = {"id": 1, "lastName": "Ngata", "email": "ada@contoso.example"}


def mark(fields: dict[str, Any], tenant: TenantId = TENANT, **decisions: Any) -> Mark | None:
    return mark_of(record(**fields), tenant, LEAD, preferences(LEAD, **decisions))


def test_an_email_address_marks_a_person_however_it_is_written() -> None:
    marked = mark(ADA)
    assert marked is not None
    assert len(marked) == MARK_BYTES
    assert mark({"id": 2, "email": " ADA@Contoso.example "}) == marked
    assert mark(ADA | {"email": "bo@contoso.example"}) != marked
    assert mark(ADA, TenantId("fabrikam")) != marked


@pytest.mark.parametrize(
    ("fields", "decisions"),
    [
        (ADA | {"email": ""}, {}),
        (ADA | {"email": "none"}, {}),
        (ADA | {"optOut": True}, {}),
        (ADA, {"allow_duplicates": True}),
        (ADA, {"match_rules": (MatchRule.NAME_AND_COMPANY,)}),
    ],
)
def test_whom_no_other_vendor_id_can_be_has_no_mark(
    fields: dict[str, Any], decisions: dict[str, Any]
) -> None:
    assert mark(fields, **decisions) is None


def test_companies_and_unreadable_lines_have_no_mark() -> None:
    account = preferences(ACCOUNT, match_rules=RULES_OF[ACCOUNT])
    assert mark_of(record(id=1, name="Contoso", email="a@x.example"), TENANT, ACCOUNT, account) is None
    assert mark_of(unreadable(), TENANT, LEAD, preferences(LEAD)) is None


_email = st.sampled_from(["a@x.example", "A@X.example", " a@x.example", "b@x.example", "", "none"])


@given(_email, _email)
def test_two_new_people_are_written_as_one_where_and_only_where_their_marks_agree(
    first: str, second: str
) -> None:
    people = [record(1, id=1, lastName="A", email=first), record(2, id=2, lastName="B", email=second)]
    decided = preferences(LEAD)
    identities = {each.position: identify(each, TENANT, LEAD, decided.match_rules) for each in people}
    rules = PlanRules(LEAD, compiled(texts("lastname"), row("lastName", "lastname")), decided)
    plans = plan_chunk(people, identities, Candidates([], decided.match_rules), rules)
    marks = [mark_of(each, TENANT, LEAD, decided) for each in people]
    assert isinstance(plans[1].plan, MergedInto) == (marks[0] is not None and marks[0] == marks[1])
