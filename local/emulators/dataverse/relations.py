"""Collection-valued navigation properties: rows of other tables that point here, or are linked with here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from local.emulators.dataverse.model import TYPE_SUFFIX, has_several_targets
from local.emulators.dataverse.schema import Table

# The service's own names, from the tables' reference pages; other relationships get a name of our making.
STANDARD_NAMES: Final[Mapping[tuple[str, str], str]] = {
    ("account", "masterid"): "account_master_account",
    ("account", "parentaccountid"): "account_parent_account",
    ("account", "primarycontactid"): "account_primary_contact",
    ("account", "preferredsystemuserid"): "system_user_accounts",
    ("account", "owninguser"): "user_accounts",
    ("account", "owningteam"): "team_accounts",
    ("account", "owningbusinessunit"): "business_unit_accounts",
    ("account", "createdby"): "lk_accountbase_createdby",
    ("account", "modifiedby"): "lk_accountbase_modifiedby",
    ("account", "transactioncurrencyid"): "transactioncurrency_account",
    ("businessunit", "parentbusinessunitid"): "business_unit_parent_business_unit",
    ("contact", "masterid"): "contact_master_contact",
    ("contact", "parentcustomerid_account"): "contact_customer_accounts",
    ("contact", "parentcustomerid_contact"): "contact_customer_contacts",
    ("contact", "preferredsystemuserid"): "system_user_contacts",
    ("contact", "owninguser"): "contact_owning_user",
    ("contact", "owningteam"): "team_contacts",
    ("contact", "owningbusinessunit"): "business_unit_contacts",
    ("contact", "createdby"): "lk_contactbase_createdby",
    ("contact", "modifiedby"): "lk_contactbase_modifiedby",
    ("contact", "transactioncurrencyid"): "transactioncurrency_contact",
    ("lead", "customerid_account"): "lead_customer_accounts",
    ("lead", "customerid_contact"): "lead_customer_contacts",
    ("lead", "masterid"): "lead_master_lead",
    ("lead", "parentaccountid"): "lead_parent_account",
    ("lead", "parentcontactid"): "lead_parent_contact",
    ("lead", "qualifyingopportunityid"): "lead_qualifying_opportunity",
    ("lead", "owninguser"): "lead_owning_user",
    ("lead", "owningteam"): "team_leads",
    ("lead", "owningbusinessunit"): "business_unit_leads",
    ("lead", "createdby"): "lk_leadbase_createdby",
    ("lead", "modifiedby"): "lk_leadbase_modifiedby",
    ("lead", "transactioncurrencyid"): "transactioncurrency_lead",
    ("opportunity", "customerid_account"): "opportunity_customer_accounts",
    ("opportunity", "customerid_contact"): "opportunity_customer_contacts",
    ("opportunity", "originatingleadid"): "opportunity_originating_lead",
    ("opportunity", "parentaccountid"): "opportunity_parent_account",
    ("opportunity", "parentcontactid"): "opportunity_parent_contact",
    ("opportunity", "transactioncurrencyid"): "transactioncurrency_opportunity",
    ("systemuser", "businessunitid"): "business_unit_system_users",
    ("systemuser", "parentsystemuserid"): "user_parent_user",
    ("team", "businessunitid"): "business_unit_teams",
}


@dataclass(frozen=True, slots=True)
class Pointing:
    """The rows of `table` whose lookup `column` names the row at hand; `bind` is the lookup's bind name."""

    table: str
    column: str
    bind: str
    target: str
    typed: bool

    def condition(self, key: str, alias: str, primary_id: str) -> str:  # noqa: ARG002 - as Linked's
        """The SQL that says which rows under `alias` belong to the row with this key."""
        sql = f'{alias}"{self.column}" = {key}'
        return f"{sql} AND {alias}\"{self.column}{TYPE_SUFFIX}\" = '{self.target}'" if self.typed else sql


@dataclass(frozen=True, slots=True)
class Linked:
    """The rows of `table` that an N:N relationship pairs with the row at hand, in its intersect table."""

    table: str
    intersect: str
    here: str  # the intersect table's column for the row at hand
    there: str

    def condition(self, key: str, alias: str, primary_id: str) -> str:
        """The SQL that says which rows under `alias` belong to the row with this key."""
        pairs = f'SELECT "{self.there}" FROM "{self.intersect}" WHERE "{self.here}" = {key}'
        return f'{alias}"{primary_id}" IN ({pairs})'


Collection = Pointing | Linked
Collections = Mapping[str, Collection]


def collection_name(table: Table, bind: str) -> str:
    """The name of a relationship, which the table it points at has as its navigation property."""
    column, target = table.navigation[bind]
    chosen = table.relationships.get(bind)
    if chosen:
        return chosen.collection
    return STANDARD_NAMES.get((table.logical_name, bind)) or f"{target}_{table.logical_name}_{column}"


def collections_by_table(tables: Mapping[str, Table]) -> dict[str, dict[str, Collection]]:
    """The collection-valued navigation properties of every table."""
    found: dict[str, dict[str, Collection]] = {name: {} for name in tables}
    for table in tables.values():
        for bind, (column, target) in table.navigation.items():
            if target in found and column in table.columns:
                typed = has_several_targets(table.columns[column])
                pointing = Pointing(table.logical_name, column, bind, target, typed)
                found[target][collection_name(table, bind)] = pointing
        pair = table.intersect
        if pair and set(pair.tables) <= found.keys():
            (one, other), (first, second) = pair.tables, pair.attributes
            found[one][pair.collections[0]] = Linked(other, table.logical_name, first, second)
            found[other][pair.collections[1]] = Linked(one, table.logical_name, second, first)
    return found
