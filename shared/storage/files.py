"""The contents of an export, as blobs: its input, and each chunk's records, plan and outcomes."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any, TypeVar

import orjson

from shared import log
from shared.domain.export_settings import AccountSettings, ExportSettings
from shared.domain.exports import Outcome, OutcomeKind
from shared.domain.ids import ExportId, TenantId
from shared.domain.match_decisions import Match
from shared.domain.matching import Chosen
from shared.domain.plan import (
    Create,
    Delete,
    MergedInto,
    PlannedRecord,
    RecordPlan,
    Reject,
    Skip,
    Unchanged,
    Update,
)
from shared.domain.preferences import ConnectionMode, OnMatch
from shared.domain.records import InputRecord, UnreadableRecord, VendorRecord
from shared.storage.blob import BlobStore, Content
from shared.storage.keys import key
from shared.storage.mapping_rows import pack_rows, unpack_rows
from shared.storage.preferences import pack_object, unpack_object
from shared.storage.remembered import Remembered

T = TypeVar("T")

_PLANS: dict[str, type[RecordPlan]] = {
    plan.__name__: plan for plan in (Create, Update, Delete, Unchanged, Skip, Reject, MergedInto)
}

_RESULTS = "results.csv"
_SETTINGS = 32


class ExportFiles:
    """Everything an export reads and leaves behind, under one folder of its own."""

    def __init__(self, container: BlobStore) -> None:
        self._container = container
        self._settings: Remembered[ExportSettings] = Remembered(_SETTINGS)

    def write_input(self, tenant: TenantId, export_id: ExportId, chunks: Iterable[bytes]) -> int:
        """Keeps what is to be exported; gives its bytes."""
        return self._container.write_stream(_name(tenant, export_id, "input"), chunks)

    def read_input(self, tenant: TenantId, export_id: ExportId) -> Content:
        """What is to be exported, in pieces of bounded size; NotFound when it is gone."""
        return self._container.open(_name(tenant, export_id, "input"))

    def input_size(self, tenant: TenantId, export_id: ExportId) -> int | None:
        """Bytes of what is to be exported, None when nothing was put there."""
        return self._container.size(_name(tenant, export_id, "input"))

    def upload_url(self, tenant: TenantId, export_id: ExportId, lifetime: timedelta) -> str:
        """An address to which the input may be written until the lifetime ends."""
        return self._container.upload_url(_name(tenant, export_id, "input"), lifetime)

    def write_settings(self, tenant: TenantId, export_id: ExportId, settings: ExportSettings) -> None:
        """Keeps what the export was started with."""
        packed = {
            "rows": pack_rows(settings.rows),
            "preferences": pack_object(settings.preferences),
            "connection": settings.connection,
            "ownerEmail": settings.owner_email,
            "choices": {str(position): chosen.id for position, chosen in settings.choices.items()},
            "onMatch": settings.on_match,
            "accounts": None if settings.accounts is None else _pack_accounts(settings.accounts),
        }
        self._container.write(_name(tenant, export_id, "settings"), orjson.dumps(packed))

    def read_settings(self, tenant: TenantId, export_id: ExportId) -> ExportSettings:
        """What the export was started with; NotFound when it is gone. It never changes, and is remembered."""
        name = _name(tenant, export_id, "settings")
        known = self._settings.get(name)
        if known is None:
            known = self._read_settings(name)
            self._settings.put(name, known)
        return known

    def _read_settings(self, name: str) -> ExportSettings:
        packed = orjson.loads(b"".join(self._container.read_stream(name)))
        on_match = packed.get("onMatch")
        return ExportSettings(
            unpack_rows(packed["rows"]),
            unpack_object(packed["preferences"]),
            ConnectionMode(packed["connection"]),
            packed.get("ownerEmail"),
            {int(position): Chosen(row_id) for position, row_id in packed.get("choices", {}).items()},
            None if on_match is None else OnMatch(on_match),
            _unpack_accounts(packed.get("accounts")),
        )

    def write_records(
        self,
        tenant: TenantId,
        export_id: ExportId,
        number: int,
        records: Sequence[InputRecord],
    ) -> None:
        """Keeps the records of a chunk."""
        packed = [_pack_record(record) for record in records]
        self._container.write(_name(tenant, export_id, "records", number), orjson.dumps(packed))

    def read_records(self, tenant: TenantId, export_id: ExportId, number: int) -> list[InputRecord] | None:
        """The records of a chunk, None when they are gone, or damaged."""
        return self._read(_name(tenant, export_id, "records", number), _unpack_record)

    def write_plan(
        self,
        tenant: TenantId,
        export_id: ExportId,
        number: int,
        planned: Sequence[PlannedRecord],
    ) -> None:
        """Keeps what is to be done, before the first write."""
        packed = [_pack_plan(each) for each in planned]
        self._container.write(_name(tenant, export_id, "plan", number), orjson.dumps(packed))

    def keep_plan(
        self,
        tenant: TenantId,
        export_id: ExportId,
        number: int,
        planned: Sequence[PlannedRecord],
    ) -> list[PlannedRecord]:
        """Keeps the first plan of a chunk; gives that of another worker who was quicker."""
        packed = orjson.dumps([_pack_plan(each) for each in planned])
        if self._container.add(_name(tenant, export_id, "plan", number), packed):
            return list(planned)
        return self.read_plan(tenant, export_id, number) or list(planned)

    def read_plan(self, tenant: TenantId, export_id: ExportId, number: int) -> list[PlannedRecord] | None:
        """What an earlier delivery of the chunk was about to do, None when it did not get so far."""
        return self._read(_name(tenant, export_id, "plan", number), _unpack_plan)

    def write_outcomes(
        self,
        tenant: TenantId,
        export_id: ExportId,
        number: int,
        outcomes: Sequence[Outcome],
    ) -> None:
        """Keeps what became of a chunk's records, whatever was kept before."""
        packed = [_pack_outcome(each) for each in outcomes]
        self._container.write(_name(tenant, export_id, "outcomes", number), orjson.dumps(packed))

    def keep_outcomes(
        self,
        tenant: TenantId,
        export_id: ExportId,
        number: int,
        outcomes: Sequence[Outcome],
    ) -> list[Outcome]:
        """Keeps what became of a chunk's records, unless another worker said so before.

        Gives what is kept.
        """
        packed = orjson.dumps([_pack_outcome(each) for each in outcomes])
        if self._container.add(_name(tenant, export_id, "outcomes", number), packed):
            return list(outcomes)
        return self.read_outcomes(tenant, export_id, number) or list(outcomes)

    def has_outcomes(self, tenant: TenantId, export_id: ExportId, number: int) -> bool:
        """Whether a chunk is done."""
        return self._container.size(_name(tenant, export_id, "outcomes", number)) is not None

    def read_outcomes(self, tenant: TenantId, export_id: ExportId, number: int) -> list[Outcome] | None:
        """What became of a chunk's records, None when it is not done."""
        return self._read(_name(tenant, export_id, "outcomes", number), _unpack_outcome)

    def has_results(self, tenant: TenantId, export_id: ExportId) -> bool:
        """Whether the file of all outcomes was made."""
        return self._container.size(_name(tenant, export_id, _RESULTS)) is not None

    def write_results(self, tenant: TenantId, export_id: ExportId, parts: Iterable[bytes]) -> None:
        """Keeps the file of all outcomes."""
        self._container.write_stream(_name(tenant, export_id, _RESULTS), parts)

    def results_url(self, tenant: TenantId, export_id: ExportId, lifetime: timedelta) -> str:
        """An address from which the file of all outcomes may be fetched until the lifetime ends."""
        return self._container.download_url(_name(tenant, export_id, _RESULTS), lifetime)

    def delete_results(self, tenant: TenantId, export_id: ExportId) -> None:
        """Removes the file of all outcomes; it is made anew when it is asked for."""
        self._container.delete(_name(tenant, export_id, _RESULTS))

    def delete_input(self, tenant: TenantId, export_id: ExportId) -> None:
        """Removes what was to be exported; once it has been cut into chunks nobody reads it."""
        self._container.delete(_name(tenant, export_id, "input"))

    def delete_plan(self, tenant: TenantId, export_id: ExportId, number: int) -> None:
        """Removes the plan of a chunk that is done."""
        self._container.delete(_name(tenant, export_id, "plan", number))

    def delete_all(self, tenant: TenantId, export_id: ExportId) -> None:
        """Removes everything of an export."""
        self._settings.take(_name(tenant, export_id, "settings"))
        self._container.delete_prefix(f"{key(tenant)}/{export_id}/")

    def _read(self, name: str, unpack: Callable[[list[Any]], T]) -> list[T] | None:
        """What is damaged is as good as gone: reading it again would not mend it."""
        stored = self._container.read(name)
        if stored is None:
            return None
        try:
            return [unpack(each) for each in orjson.loads(stored)]
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            log.error("stored content is damaged", blob=name.split("/", 1)[1], problem=type(error).__name__)
            return None


def _name(tenant: TenantId, export_id: ExportId, kind: str, number: int | None = None) -> str:
    return f"{key(tenant)}/{export_id}/{kind}" + ("" if number is None else f"/{number:06d}")


def _pack_accounts(settings: AccountSettings) -> dict[str, Any]:
    return {"rows": pack_rows(settings.rows), "preferences": pack_object(settings.preferences)}


def _unpack_accounts(packed: dict[str, Any] | None) -> AccountSettings | None:
    if packed is None:
        return None
    return AccountSettings(unpack_rows(packed["rows"]), unpack_object(packed["preferences"]))


def _pack_record(record: InputRecord) -> list[Any]:
    if isinstance(record, UnreadableRecord):
        return [record.position, record.line, None, record.code, record.reason]
    return [record.position, record.line, record.fields]


def _unpack_record(packed: list[Any]) -> InputRecord:
    """As far as this release knows it: a later one may say more."""
    if packed[2] is not None:
        return VendorRecord(*packed[:3])
    position, line, _, code, reason, *_ = packed
    return UnreadableRecord(position, line, code, reason)


def _pack_plan(planned: PlannedRecord) -> list[Any]:
    plan = planned.plan
    values = [getattr(plan, name) for name in plan.__slots__]
    noted = [planned.note, planned.column, planned.code, _pack_match(planned.match)]
    return [planned.position, planned.vendor_id, type(plan).__name__, values, *noted]


def _unpack_plan(packed: list[Any]) -> PlannedRecord:
    position, vendor_id, name, values, *noted = packed
    note, column, code, match = (*noted, None, None, None, None)[:4]
    kind = _PLANS[name]
    plan = kind(*values[: len(kind.__slots__)])
    return PlannedRecord(position, vendor_id, plan, note, column, code, _unpack_match(match))


def _pack_outcome(outcome: Outcome) -> list[Any]:
    return [
        outcome.position,
        outcome.vendor_id,
        outcome.kind,
        outcome.dynamics_id,
        outcome.code,
        outcome.reason,
        outcome.column,
        _pack_match(outcome.match),
    ]


def _unpack_outcome(packed: list[Any]) -> Outcome:
    position, vendor_id, kind, dynamics_id, code, reason, column, *match = packed
    return Outcome(
        position=position,
        vendor_id=vendor_id,
        kind=OutcomeKind(kind),
        dynamics_id=dynamics_id,
        code=code,
        reason=reason,
        column=column,
        match=_unpack_match(match[0] if match else None),
    )


def _pack_match(match: Match | None) -> list[Any] | None:
    """Most often one record was found and chosen: then it is named once."""
    if match is None:
        return None
    chosen = () if match.candidates == (match.chosen,) else (match.chosen,)
    return [match.rule, match.candidates, *chosen]


def _unpack_match(packed: list[Any] | None) -> Match | None:
    """What older versions kept has none."""
    if packed is None:
        return None
    rule, candidates, *chosen = packed
    return Match(rule, tuple(candidates), chosen[0] if chosen else candidates[0])
