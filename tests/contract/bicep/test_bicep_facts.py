"""The table of facts: its form, and that it says what Microsoft's packages say."""

import os
from pathlib import Path

import pytest

from local.bicep.facts.models import Model, ModelProperty, read_models
from local.bicep.facts.renew import table_of
from local.bicep.facts.sources import SOURCES
from local.bicep.facts.table import TABLE, KnownType, load_facts, read_table, write_table

PACKAGE = '''
class Account(Model):
    """An account.

    :ivar kind: What it is. Known values are: "A" and "B".
    :vartype kind: str or ~azure.mgmt.things.models.Kind
    """

    _validation = {"kind": {"required": True}, "state": {"readonly": True}}
    _attribute_map = {
        "kind": {"key": "kind", "type": "str"},
        "state": {"key": "properties.state", "type": "str"},
        "odata": {"key": "odata\\\\.type", "type": "str"},
        "rules": {"key": "properties.rules", "type": "[Rule]"},
    }
    _subtype_map = {"kind": {"A": "Account"}}

    def __init__(self):
        pass
'''
ENUMS = '''
class Kind(str, Enum):
    """Kinds."""

    A = "A"
    B = "B C"
'''
READ = Model(
    name="things.Account",
    properties=(
        ModelProperty(path=("kind",), shape="=A|B C", required=True),
        ModelProperty(path=("properties", "state"), shape="string", readonly=True),
        ModelProperty(path=("odata.type",), shape="string"),
        ModelProperty(path=("properties", "rules"), shape="[things.Rule]"),
    ),
    told_by="kind",
    variants={"A": "things.Account"},
)


def test_a_package_tells_names_types_values_and_what_is_read_only() -> None:
    assert read_models(PACKAGE, ENUMS, "things") == {"things.Account": READ}


def test_a_table_is_read_as_it_was_written() -> None:
    kind = KnownType("Microsoft.Things/accounts", "2025-01-01", "things.Account", "things.Account")
    facts = read_table(write_table([kind], [READ]))
    assert facts.types == {"microsoft.things/accounts": kind}
    (model,) = facts.models.values()
    assert set(model.properties) == set(READ.properties)
    assert (model.told_by, model.variants) == (READ.told_by, READ.variants)


def test_every_type_of_the_sources_is_in_the_table_in_its_version() -> None:
    facts = load_facts()
    for source in SOURCES:
        for name, written, read in source.types:
            kind = facts.types[name.lower()]
            assert (kind.api, kind.written, kind.read) == (
                source.api,
                f"{source.prefix}.{written}",
                f"{source.prefix}.{read}",
            )
            assert {kind.written, kind.read} <= set(facts.models)


def test_the_table_agrees_with_the_packages() -> None:
    folder = os.environ.get("BICEP_FACTS_WHEELS")
    if folder is None:
        pytest.skip("BICEP_FACTS_WHEELS names no folder with the packages of local/bicep/facts/sources.py")
    assert table_of(Path(folder)) == TABLE.read_text(encoding="utf-8")
