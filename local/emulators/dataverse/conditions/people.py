"""The operators that mean the caller, and those that follow a hierarchy."""

from typing import Final

from local.emulators.dataverse import errors
from local.emulators.dataverse.conditions.operand import Build, Operand, Sql, negated
from local.emulators.dataverse.conditions.surroundings import Surroundings

ENGLISH: Final = 1033
# The lookup that makes a table a hierarchy.
PARENTS: Final = {
    "account": "parentaccountid",
    "contact": "parentcustomerid",
    "systemuser": "parentsystemuserid",
    "businessunit": "parentbusinessunitid",
}
TEAMS: Final = "SELECT teamid FROM teammembership WHERE systemuserid = ?"
USERS_BELOW: Final = (
    "WITH RECURSIVE below(id) AS (SELECT ? UNION SELECT systemuserid FROM systemuser JOIN below "
    "ON systemuser.parentsystemuserid = below.id) SELECT id FROM below"
)


def _user(operand: Operand, _values: tuple[str, ...], around: Surroundings) -> Sql:
    return f"{operand.sql} = ?", [around.user]


def _business(operand: Operand, _values: tuple[str, ...], around: Surroundings) -> Sql:
    return f"{operand.sql} = ?", [around.business_unit]


def _language(operand: Operand, _values: tuple[str, ...], _around: Surroundings) -> Sql:
    return f"{operand.sql} = ?", [ENGLISH]


def _teams(operand: Operand, _values: tuple[str, ...], around: Surroundings) -> Sql:
    return f"{operand.sql} IN ({TEAMS})", [around.user]


def _user_or_teams(operand: Operand, _values: tuple[str, ...], around: Surroundings) -> Sql:
    return f"({operand.sql} = ? OR {operand.sql} IN ({TEAMS}))", [around.user, around.user]


def _users_below(operand: Operand, _values: tuple[str, ...], around: Surroundings) -> Sql:
    return f"{operand.sql} IN ({USERS_BELOW})", [around.user]


def _users_below_and_teams(operand: Operand, values: tuple[str, ...], around: Surroundings) -> Sql:
    sql, parameters = _users_below(operand, values, around)
    return f"({sql} OR {operand.sql} IN ({TEAMS}))", [*parameters, around.user]


def _hierarchy(*, up: bool, itself: bool) -> Build:
    def build(operand: Operand, values: tuple[str, ...], _around: Surroundings) -> Sql:
        table, key = operand.model.name, operand.model.table.primary_id
        parent = PARENTS.get(table)
        if parent is None or operand.prop.column.name != key:
            raise errors.query_refused(f"'{operand.prop.column.name}' of '{table}' has no hierarchy.")
        step = f'"{table}"."{key}" = family.parent' if up else f'"{table}"."{parent}" = family.id'
        own = f'"{table}"."{key}", "{table}"."{parent}"'
        family = (
            f'WITH RECURSIVE family(id, parent) AS (SELECT {own} FROM "{table}" WHERE "{key}" = ? '
            f'UNION SELECT {own} FROM "{table}" JOIN family ON {step}) '
            "SELECT id FROM family"
        )
        start = operand.value(values[0])
        rest = "" if itself else f" AND {operand.sql} <> ?"
        return f"({operand.sql} IN ({family}){rest})", [start] if itself else [start, start]

    return build


CALLER_OPERATORS: Final[dict[str, tuple[Build, int]]] = {
    "EqualUserId": (_user, 0),
    "NotEqualUserId": (negated(_user), 0),
    "EqualBusinessId": (_business, 0),
    "NotEqualBusinessId": (negated(_business), 0),
    "EqualUserLanguage": (_language, 0),
    "EqualUserTeams": (_teams, 0),
    "EqualUserOrUserTeams": (_user_or_teams, 0),
    "EqualUserOrUserHierarchy": (_users_below, 0),
    "EqualUserOrUserHierarchyAndTeams": (_users_below_and_teams, 0),
    "Above": (_hierarchy(up=True, itself=False), 1),
    "AboveOrEqual": (_hierarchy(up=True, itself=True), 1),
    "Under": (_hierarchy(up=False, itself=False), 1),
    "UnderOrEqual": (_hierarchy(up=False, itself=True), 1),
    "NotUnder": (negated(_hierarchy(up=False, itself=True)), 1),
}
