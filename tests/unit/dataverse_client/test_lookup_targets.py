"""What is known of the tables that lookups point at."""

from typing import Any

import pytest

from shared.dataverse.errors import raised
from shared.dataverse.messages import DataverseRequest
from shared.dataverse.refusals import PRIVILEGE_MISSING, TABLE_MISSING, UNAVAILABLE
from shared.dataverse.targets import read_targets
from shared.domain.errors import Transient
from shared.domain.fields import ColumnType
from shared.domain.mapping import LookupRule
from tests.unit.export.scripted_dynamics import Answered, ScriptedDynamics, told


def attribute(name: str, kind: str = "String") -> dict[str, Any]:
    return {
        "LogicalName": name,
        "AttributeType": kind,
        "AttributeTypeName": {"Value": f"{kind}Type"},
        "DisplayName": {"UserLocalizedLabel": {"Label": name.title()}},
    }


def described(table: str = "account", *, label: str | None = "Account") -> dict[str, Any]:
    return {
        "LogicalName": table,
        "EntitySetName": f"{table}s",
        "PrimaryIdAttribute": f"{table}id",
        "DisplayName": {"UserLocalizedLabel": None if label is None else {"Label": label}},
        "Attributes": [attribute("name"), attribute("websiteurl"), attribute("statecode", "State")],
    }


FORMATS = {
    "value": [{"LogicalName": "websiteurl", "Format": "Url"}, {"LogicalName": "name", "Format": "Text"}]
}
RULES = [LookupRule("account", "name"), LookupRule("account", "websiteurl")]


def asked(definition: Answered, formats: Answered | None = None) -> ScriptedDynamics:
    answers = [definition, told(FORMATS) if formats is None else formats]

    def answer(_: DataverseRequest) -> Answered:
        return answers.pop(0)

    return ScriptedDynamics(answer)


def read(dynamics: ScriptedDynamics, *rules: LookupRule) -> Any:
    client: Any = dynamics
    return read_targets(client, rules or RULES)


def test_a_table_is_told_by_its_names_and_the_columns_that_are_asked_for() -> None:
    dynamics = asked(told(described()))
    (target,) = read(dynamics).values()
    assert (target.table, target.label, target.entity_set) == ("account", "Account", "accounts")
    assert (target.primary_id, target.has_state) == ("accountid", True)
    assert {name: (column.type, column.is_url) for name, column in target.columns.items()} == {
        "name": (ColumnType.STRING, False),
        "websiteurl": (ColumnType.STRING, True),
        "statecode": (ColumnType.STATE, False),
    }
    assert len(dynamics.asked) == 2
    for column in ("name", "websiteurl", "statecode"):
        assert f"LogicalName eq '{column}'" in dynamics.paths[0]


def test_a_table_without_a_label_goes_by_its_name() -> None:
    assert read(asked(told(described(label=None))))["account"].label == "account"


def test_without_rules_nobody_is_asked() -> None:
    dynamics = ScriptedDynamics()
    client: Any = dynamics
    assert read_targets(client, []) == {}
    assert dynamics.asked == []


@pytest.mark.parametrize(
    "rule",
    [LookupRule("account') or ('", "name"), LookupRule("account", "name eq 1"), LookupRule("", "name")],
)
def test_what_is_no_name_of_a_table_or_column_is_never_asked_for(rule: LookupRule) -> None:
    dynamics = ScriptedDynamics()
    assert read(dynamics, rule) == {}
    assert dynamics.asked == []


@pytest.mark.parametrize("refusal", [TABLE_MISSING, PRIVILEGE_MISSING])
def test_a_table_that_is_not_there_or_not_to_be_seen_is_absent(refusal: Any) -> None:
    assert read(asked(raised(refusal, detail=""))) == {}


@pytest.mark.parametrize("which", [0, 1], ids=["its definition", "its formats"])
def test_a_table_that_could_not_be_read_for_now_is_not_taken_for_absent(which: int) -> None:
    answers: list[Answered] = [told(described()), told(FORMATS)]
    answers[which] = raised(UNAVAILABLE, detail="")
    with pytest.raises(Transient):
        read(asked(*answers))
