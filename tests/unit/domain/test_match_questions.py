"""What Dynamics is asked in order to find the matches of many records."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from matched import ADA, LEAD

from shared.domain.ids import ObjectType
from shared.domain.matching import (
    MATCH_COLUMNS,
    Chosen,
    Identity,
    identify,
    lookups,
)
from shared.domain.preferences import RULES_OF, MatchRule
from shared.domain.websites import website_spellings
from tests.builders import TENANT, record

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


def test_the_record_that_a_person_picked_is_asked_for() -> None:
    identity = replace(identify(record(**ADA), TENANT, LEAD, ()), chosen=Chosen("x"))
    (asked,) = lookups(LEAD, [identity], 500)
    assert asked.conditions == (("leadid", (identity.record_id, "x")),)
