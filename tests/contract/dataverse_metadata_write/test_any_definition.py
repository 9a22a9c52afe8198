"""Whatever is wrong in a definition, it is refused in Dataverse's words: never with an error of ours."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from definitions import BANK, TYPE, add_column, add_table, column, label, options, table
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contract.dataverse.running_dataverse import Directory, Organization
from tests.laws import ONE_FIXTURE_FOR_ALL_EXAMPLES

PLACE = {"AttributeLogicalName": "new_choice", "EntityLogicalName": "new_bankaccount"}
ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**40), 2**40),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=5),
    st.sampled_from([[], {}, [[]], [{}], {"Value": []}, [None], ["x"], {"LocalizedLabels": [{}]}]),
)
RELATIONSHIP = {
    "SchemaName": "new_account_bank",
    "ReferencedEntity": "account",
    "ReferencingEntity": "new_bankaccount",
    "CascadeConfiguration": {"Delete": "Cascade"},
    "AssociatedMenuConfiguration": {"Behavior": "UseLabel", "Label": label("Banks")},
}
BODIES: list[tuple[str, dict[str, Any]]] = [
    ("EntityDefinitions", table("new_Other")),
    ("CreateEntities", {"Entities": [table("new_Other")]}),
    (f"{BANK}/Attributes", column("String", "new_Text", MaxLength=5, FormatName={"Value": "Text"})),
    (f"{BANK}/Attributes", column("Integer", "new_Whole", MinValue=1, MaxValue=5, Format="None")),
    (
        f"{BANK}/Attributes",
        column("Picklist", "new_List", OptionSet={"Options": options("A")}, DefaultFormValue=-1),
    ),
    (f"{BANK}/Attributes", column("DateTime", "new_When", DateTimeBehavior={"Value": "UserLocal"})),
    (f"{BANK}/Attributes", column("File", "new_Paper", MaxSizeInKB=5)),
    (
        f"{BANK}/Keys",
        {"SchemaName": "new_Key", "KeyAttributes": ["new_accountname"], "DisplayName": label("K")},
    ),
    (
        "RelationshipDefinitions",
        RELATIONSHIP
        | {
            "@odata.type": f"{TYPE}OneToManyRelationshipMetadata",
            "Lookup": column("Lookup", "new_AccountId"),
        },
    ),
    (
        "RelationshipDefinitions",
        {
            "SchemaName": "new_account_banks",
            "@odata.type": f"{TYPE}ManyToManyRelationshipMetadata",
            "Entity1LogicalName": "account",
            "Entity2LogicalName": "new_bankaccount",
            "IntersectEntityName": "new_account_banks",
        },
    ),
    (
        "CreatePolymorphicLookupAttribute",
        {"OneToManyRelationships": [RELATIONSHIP], "Lookup": column("Lookup", "new_X")},
    ),
    ("GlobalOptionSetDefinitions", {"Name": "new_set", "DisplayName": label("S"), "Options": options("A")}),
    ("InsertOptionValue", PLACE | {"Value": 5, "Label": label("E")}),
    ("UpdateOptionValue", PLACE | {"Value": 727000000, "Label": label("E"), "MergeLabels": True}),
    ("OrderOption", PLACE | {"Values": [727000001, 727000000]}),
]


def places(content: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value in a body."""
    pairs = content.items() if isinstance(content, dict) else enumerate(content)
    for key, value in pairs:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from places(value, (*path, key))


@pytest.fixture(scope="module")
def bank(customized: str, makers: Directory) -> Iterator[Organization]:
    organization = Organization(customized, makers.token())
    with organization.session:
        yield organization


@settings(max_examples=60, suppress_health_check=ONE_FIXTURE_FOR_ALL_EXAMPLES)
@given(data=st.data())
def test_a_definition_with_anything_wrong_is_refused_or_taken(
    bank: Organization, data: st.DataObject
) -> None:
    bank.control("POST", "reset?organization=contoso.crm4.dynamics.com")
    add_table(bank)
    add_column(bank, "Picklist", "new_Choice", OptionSet={"Options": options("A", "B")})
    path, body = data.draw(st.sampled_from(BODIES))
    body = copy.deepcopy(body)
    way = data.draw(st.sampled_from(list(places(body))))
    holder = body
    for key in way[:-1]:
        holder = holder[key]
    holder[way[-1]] = data.draw(ANYTHING)
    answer = bank.post(path, body)
    assert answer.status_code in {200, 204, 400, 404, 501}, answer.text
    assert bank.get("EntityDefinitions?$expand=Attributes,Keys,ManyToOneRelationships").status_code == 200
    assert bank.get("new_bankaccounts").status_code == 200
