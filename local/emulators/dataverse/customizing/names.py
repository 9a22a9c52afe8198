"""Names that customizers give, checked as Dataverse checks them."""

import re
from typing import Final

from local.emulators.dataverse.customizing import refusals

# "Create a solution publisher": two to eight letters and digits, a letter first, not "mscrm".
PREFIX: Final = re.compile(r"(?!mscrm)[A-Za-z][A-Za-z0-9]{1,7}_.", re.IGNORECASE)
ALLOWED: Final = re.compile(r"[A-Za-z0-9_]+")
LONGEST: Final = {"Entity": 64, "Attribute": 100, "Relationship": 100, "EntityKey": 100, "OptionSet": 100}


def schema_name(given: object, kind: str) -> str:
    """A new schema name, or the refusal of it."""
    name = given if isinstance(given, str) else ""
    if not name:
        raise refusals.prefix_missing(name, kind)
    if not ALLOWED.fullmatch(name):
        raise refusals.not_alphanumeric(name, kind)
    if not name[0].isalpha():
        raise refusals.no_letter_first(name, kind)
    if len(name) > LONGEST[kind]:
        raise refusals.name_too_long(name, kind, LONGEST[kind])
    if not PREFIX.match(name):
        raise refusals.prefix_missing(name, kind)
    return name


def plural(name: str) -> str:
    """The entity set's name of a table, as Dataverse forms it from the singular."""
    if re.search(r"[^aeiou]y$", name):
        return name[:-1] + "ies"
    return name + ("es" if re.search(r"(s|x|z|ch|sh)$", name) else "s")
