"""Choices as customizers describe them, and the actions that change their options."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from local.emulators.dataverse.customizing import refusals
from local.emulators.dataverse.customizing.columns import labels
from local.emulators.dataverse.customizing.labels import Texts, read_label
from local.emulators.dataverse.customizing.names import schema_name
from local.emulators.dataverse.customizing.options import new_option, read_options
from local.emulators.dataverse.errors import not_emulated
from local.emulators.dataverse.organization import Organization
from local.emulators.dataverse.schema import Column, ColumnType, GlobalChoice, Option

Body = Mapping[str, Any]
EXTENDABLE = frozenset({ColumnType.PICKLIST, ColumnType.MULTI_SELECT, ColumnType.STATUS})


def new_choice(body: Body, present: Mapping[str, GlobalChoice]) -> GlobalChoice:
    """The global choice that a body describes."""
    if body.get("OptionSetType", "Picklist") != "Picklist":
        raise not_emulated(f"A global choice of the type {body.get('OptionSetType')}")
    name = schema_name(body.get("Name"), "OptionSet")
    if name.lower() in present:
        raise refusals.name_taken(name, "OptionSet")
    return GlobalChoice(name=name.lower(), options=read_options(body.get("Options")), **labels(body, name))


def changed_choice(choice: GlobalChoice, body: Body, *, merge: bool) -> GlobalChoice:
    """A global choice after PUT, which changes its labels only."""
    given = read_label(body, "DisplayName")
    before = Texts(choice.label, choice.translations)
    shown = given.over(before, merge=merge) if given else before
    description = read_label(body, "Description")
    return replace(
        choice,
        label=shown.english or choice.label,
        translations=shown.others,
        description=description.english if description else choice.description,
    )


@dataclass(frozen=True, slots=True)
class OptionList:
    """The options of a column or of a global choice, wherever they are kept."""

    organization: Organization
    options: tuple[Option, ...]
    table: str = ""
    column: Column | None = None
    choice: GlobalChoice | None = None

    def keep(self, options: Sequence[Option]) -> None:
        """Takes over changed options; those of a global choice reach every column that is made with it."""
        if self.choice:
            keep_choice(self.organization, replace(self.choice, options=tuple(options)))
        elif self.column:
            table = self.organization.tables[self.table]
            column = replace(self.column, options=tuple(options))
            self.organization.define(replace(table, columns=table.columns | {column.name: column}))


def option_list(organization: Organization, body: Body) -> OptionList:
    """The options that an action's OptionSetName, or its EntityLogicalName and AttributeLogicalName, name."""
    shared = body.get("OptionSetName")
    if isinstance(shared, str) and shared:
        choice = organization.customizations.choices.get(shared.lower())
        if choice is None:
            raise refusals.definition_missing("OptionSetMetadata", f"Name='{shared}'")
        return OptionList(organization, choice.options, choice=choice)
    name, table = str(body.get("AttributeLogicalName")), str(body.get("EntityLogicalName"))
    if table not in organization.tables:
        raise refusals.table_missing(table)
    column = organization.tables[table].columns.get(name)
    if column is None:
        raise refusals.column_missing(table, name)
    if column.global_set:
        return option_list(organization, {"OptionSetName": column.global_set})
    return OptionList(organization, column.options, table, column)


def insert(found: OptionList, body: Body) -> int:
    """Adds an option, and gives its value."""
    kind = found.column.type if found.column else ColumnType.PICKLIST
    if kind not in EXTENDABLE:
        raise refusals.no_choice_column()
    state = body.get("StateCode") if kind is ColumnType.STATUS else None
    if kind is ColumnType.STATUS and state not in {one.state for one in found.options}:
        raise refusals.invalid(f"StateCode {state!r} is no state of {found.table}.")
    option = new_option(body, found.options, state)
    found.keep([*found.options, option])
    return option.value


def update(found: OptionList, body: Body) -> None:
    """Changes the label of an option; MergeLabels keeps those in other languages."""
    option = _existing(found, body.get("Value"))
    texts = read_label(body, "Label")
    if texts is None or not texts.english.strip():
        raise refusals.label_missing("Label of an option")
    shown = texts.over(Texts(option.label, option.translations), merge=body.get("MergeLabels") is True)
    changed = replace(option, label=shown.english, translations=shown.others)
    found.keep([changed if one is option else one for one in found.options])


def delete(found: OptionList, body: Body) -> None:
    """Removes an option; rows keep its value."""
    if found.column and found.column.type not in EXTENDABLE:
        raise refusals.no_choice_column()
    option = _existing(found, body.get("Value"))
    found.keep([one for one in found.options if one is not option])


def order(found: OptionList, body: Body) -> None:
    """Puts the options in the order of Values."""
    by_value = {one.value: one for one in found.options}
    values = body.get("Values")
    if not isinstance(values, list) or sorted(map(str, values)) != sorted(map(str, by_value)):
        raise refusals.invalid("Values has to name every option of the choice once.")
    found.keep([by_value[value] for value in values])


def keep_choice(organization: Organization, choice: GlobalChoice) -> None:
    """Takes over a global choice, in the columns too that are made with it."""
    organization.customizations.keep_choice(choice)
    for table in list(organization.tables.values()):
        made = {
            name: replace(column, options=choice.options)
            for name, column in table.columns.items()
            if column.global_set == choice.name
        }
        if made:
            organization.define(replace(table, columns=table.columns | made))


def forget_choice(organization: Organization, choice: GlobalChoice) -> None:
    """Removes a global choice that no column is made with."""
    users = [
        table.logical_name
        for table in organization.tables.values()
        if any(column.global_set == choice.name for column in table.columns.values())
    ]
    if users:
        raise refusals.choice_in_use(", ".join(users))
    organization.customizations.forget_choice(choice)


def _existing(found: OptionList, value: object) -> Option:
    for one in found.options:
        if one.value == value:
            return one
    raise refusals.option_missing(value)
