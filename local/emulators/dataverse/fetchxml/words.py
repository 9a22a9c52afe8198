"""FetchXML's condition operators by the names that QueryExpression gives them."""

from typing import Final

_PLAIN: Final = {
    "eq": "Equal",
    "ne": "NotEqual",
    "neq": "NotEqual",
    "gt": "GreaterThan",
    "ge": "GreaterEqual",
    "lt": "LessThan",
    "le": "LessEqual",
    "not-begin-with": "DoesNotBeginWith",
    "not-end-with": "DoesNotEndWith",
    "not-contain-values": "DoesNotContainValues",
    "eq-or-above": "AboveOrEqual",
    "eq-or-under": "UnderOrEqual",
    "last-seven-days": "Last7Days",
    "next-seven-days": "Next7Days",
    "eq-userid": "EqualUserId",
    "ne-userid": "NotEqualUserId",
    "eq-businessid": "EqualBusinessId",
    "ne-businessid": "NotEqualBusinessId",
    "eq-userteams": "EqualUserTeams",
    "eq-useroruserteams": "EqualUserOrUserTeams",
    "eq-useroruserhierarchy": "EqualUserOrUserHierarchy",
    "eq-useroruserhierarchyandteams": "EqualUserOrUserHierarchyAndTeams",
    "eq-userlanguage": "EqualUserLanguage",
}
COMPARISONS: Final = {
    "Equal": "IS",
    "NotEqual": "IS NOT",
    "GreaterThan": ">",
    "GreaterEqual": ">=",
    "LessThan": "<",
    "LessEqual": "<=",
}


def operator_name(word: str) -> str:
    """`last-x-days` is LastXDays, and so on; words that are no operator come out as no operator's name."""
    found = _PLAIN.get(word)
    if found:
        return found
    name = "".join(part.capitalize() for part in word.split("-"))
    return name.replace("Olderthan", "OlderThan")
