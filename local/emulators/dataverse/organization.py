"""One organization at work: its tables, rows, members, settings and limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.emulators.dataverse.auto_numbers import AutoNumbers
from local.emulators.dataverse.clock import Clock
from local.emulators.dataverse.computed import Computed, computed_columns
from local.emulators.dataverse.customizing.customized import Customizations
from local.emulators.dataverse.files.store import FileStore
from local.emulators.dataverse.files.uploads import Uploads
from local.emulators.dataverse.history import History
from local.emulators.dataverse.metadata_edits import metadata_version
from local.emulators.dataverse.model import TableModel, compile_table
from local.emulators.dataverse.relations import Collections, collections_by_table
from local.emulators.dataverse.schema import Column, ColumnType, Table
from local.emulators.dataverse.store import Store
from local.emulators.dataverse.store_rows import Rows
from local.emulators.dataverse.values import write_moment
from local.emulators.dataverse.world import Member, OrganizationSeed
from local.emulators.dataverse.writing import BodyReader


@dataclass(frozen=True, slots=True)
class TableKit:
    """A table with everything that works on its rows."""

    model: TableModel
    rows: Rows
    new: BodyReader
    changes: BodyReader
    computed: Computed
    numbered: tuple[Column, ...] = ()  # the auto-number columns
    images: tuple[Column, ...] = ()
    files: bool = False  # whether rows may have files, images in full size among them

    @property
    def table(self) -> Table:
        """The table's description."""
        return self.model.table


@dataclass(slots=True)
class Settings:
    """Behaviour that differs between organizations, or that documents disagree about."""

    duplicate_status: int = 500
    read_only_leads: bool = True
    degree_of_parallelism: int = 4
    without_bulk: set[str] = field(default_factory=set)  # tables without CreateMultiple and UpdateMultiple
    time_zone: str = "UTC"  # of all users, by its IANA name: formatted values and the days of date functions
    history_entries: int = 100_000  # changes that are kept for the pages, the oldest forgotten; 0: none


class Organization:
    """The state behind one organization's address."""

    def __init__(
        self, seed: OrganizationSeed, tables: Mapping[str, Table], *, state: Path | None, clock: Clock
    ) -> None:
        self.seed = seed
        self.clock = clock
        self.settings = Settings()
        self.members: dict[str, Member] = {}
        self.tables: dict[str, Table] = {}
        self.by_set: dict[str, TableKit] = {}
        self._standard = dict(tables)
        self._kits: dict[str, TableKit] = {}
        self._global_version = ""
        self._collections: Mapping[str, Collections] = {}
        self.store = Store(state / f"{seed.host}.sqlite" if state else None)
        self.history = History(self.store)
        self.files = FileStore(self.store)
        self.uploads = Uploads()
        self.numbers = AutoNumbers(self.store)
        self.customizations = Customizations(self.store, self._standard)
        for table in self.customizations.tables().values():
            self._take_over(table)
        self.store.undone = self._follow_rollback
        for one in seed.members:
            self.admit(one)
        self._add_fixed_rows()

    @property
    def business_unit(self) -> str:
        """The id of the root business unit."""
        return self.seed.derived_id("businessunit")

    @property
    def global_version(self) -> str:
        """What globalmetadataversion shows: another text after each change of a table."""
        self._global_version = self._global_version or metadata_version(self.tables)
        return self._global_version

    def collections(self, table: str) -> Collections:
        """The collection-valued navigation properties of a table."""
        self._collections = self._collections or collections_by_table(self.tables)
        return self._collections.get(table, {})

    def kit(self, table: str) -> TableKit | None:
        """What works on a table's rows, by logical name."""
        return self._kits.get(table)

    def define(self, table: Table) -> None:
        """Adds a table, or takes over its changed description, and keeps it."""
        before = self.tables.get(table.logical_name)
        self._take_over(table)
        self.customizations.keep(before, table)

    def _take_over(self, table: Table) -> None:
        model = compile_table(table)
        self.store.prepare(model)
        computed = computed_columns(model, self.seed.derived_id("transactioncurrency"))
        kit = TableKit(
            model=model,
            rows=Rows(self.store, model),
            new=BodyReader(model, creating=True),
            changes=BodyReader(model, creating=False),
            computed=computed,
            numbered=tuple(one for one in table.columns.values() if one.auto_number),
            images=tuple(one for one in table.columns.values() if one.type is ColumnType.IMAGE),
            files=any(one.type is ColumnType.FILE or one.full_image for one in table.columns.values()),
        )
        self.tables[table.logical_name] = table
        self._global_version = ""
        self._collections = {}
        self._kits[table.logical_name] = kit
        self.by_set[table.entity_set] = kit

    def drop_column(self, table: Table, column: str) -> None:
        """Takes over a description without the column, and forgets its values."""
        self.store.drop_column(compile_table(table), column)
        self.define(table)

    def is_standard(self, table: Table) -> bool:
        """Whether the organization began with the table."""
        return table.logical_name in self._standard

    def remove(self, table: Table) -> None:
        """Removes a customizer's table with its rows."""
        self._let_go(table)
        self.customizations.forget(table)

    def _let_go(self, table: Table) -> None:
        del self.tables[table.logical_name]
        kit = self._kits.pop(table.logical_name, None)
        if kit:
            self.by_set.pop(table.entity_set, None)
            self.store.drop_table(kit.model)
        self.files.remove_table(table.logical_name)
        self._global_version = ""
        self._collections = {}

    def _follow_rollback(self) -> None:
        """Takes back descriptions that were changed within a transaction that failed."""
        if not self.customizations.stale:
            return
        tables = self.customizations.tables()
        for name in self.tables.keys() - tables.keys():
            self._let_go(self.tables[name])
        for name, table in tables.items():
            if self.tables.get(name) != table:
                self._take_over(table)

    def admit(self, member: Member) -> None:
        """Adds a member, or changes the one with the same directory or application id."""
        self.members[member.object_id or member.application_id] = member
        self._write_user(member)

    def dismiss(self, key: str) -> bool:
        """Makes somebody a stranger to the organization; their row goes."""
        member = self.members.pop(key.lower(), None)
        kit = self.kit("systemuser")
        if member and kit:
            kit.rows.delete(member.id)
        return member is not None

    def clear(self, kit: TableKit) -> None:
        """Removes every row of a table, with its history."""
        self.store.clear(kit.model)
        self.history.forget(kit.model.name)

    def reset(self) -> None:
        """Back to the state of the first start: standard tables, no rows but the fixed ones."""
        self.customizations.clear()
        self.files.clear()
        self.uploads = Uploads()
        self.numbers.clear()
        for name in self.tables.keys() - self._standard.keys():
            self._let_go(self.tables[name])
        for name, table in self._standard.items():
            if self.tables[name] is not table:
                for gone in self.tables[name].columns.keys() - table.columns.keys():
                    self.store.drop_column(compile_table(table), gone)
                self._take_over(table)
        for kit in self._kits.values():
            self.clear(kit)
        self.members.clear()
        self.settings = Settings()
        for one in self.seed.members:
            self.admit(one)
        self._add_fixed_rows()

    def _write_user(self, member: Member) -> None:
        first, _, last = member.name.rpartition(" ")
        self._fix(
            "systemuser",
            member.id,
            {
                "firstname": first or None,
                "lastname": last,
                "fullname": member.name,
                "internalemailaddress": member.email,
                "domainname": member.email,
                "azureactivedirectoryobjectid": member.object_id or None,
                "applicationid": member.application_id or None,
                "isdisabled": int(not member.enabled),
                "businessunitid": self.business_unit,
                "organizationid": self.seed.id,
                "accessmode": 0 if member.object_id else 4,
            },
        )

    def _add_fixed_rows(self) -> None:
        currency = self.seed.derived_id("transactioncurrency")
        self._fix("organization", self.seed.id, {"name": self.seed.name, "basecurrencyid": currency})
        self._fix("businessunit", self.business_unit, {"name": self.seed.name, "isdisabled": 0})
        self._fix(
            "transactioncurrency",
            currency,
            {
                "currencyname": "Euro",
                "isocurrencycode": "EUR",
                "currencysymbol": "€",
                "currencyprecision": 2,
                "exchangerate": 1.0,
            },
        )

    def _fix(self, table: str, row_id: str, wanted: Mapping[str, Any]) -> None:
        """Writes one of the organization's own rows, with the columns that its table has."""
        kit = self.kit(table)
        if kit is None:
            return
        stored = {name for name, _ in kit.model.stored()}
        moment = write_moment(self.clock.now())
        extras = {"createdon": moment, "modifiedon": moment, "statecode": 0, "statuscode": 1}
        values = {name: value for name, value in {**extras, **wanted}.items() if name in stored}
        values["versionnumber"] = self.store.next_version()
        kit.computed.shadow(values)
        if kit.rows.exists(row_id):
            kit.rows.update(row_id, values)
        else:
            kit.rows.insert([{kit.table.primary_id: row_id, **values}])
