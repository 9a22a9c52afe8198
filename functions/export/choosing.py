"""A person picks which record of Dynamics a vendor record is: an export of its own for that one record."""

import json
import re
from collections.abc import Callable
from dataclasses import replace

from functions.export.decisions import decide
from functions.export.reading import NDJSON
from functions.export.stores import ExportStores
from functions.identity import Caller
from functions.tenants import Tenants
from shared import log
from shared.domain.audit import AuditAction
from shared.domain.errors import Conflict, NotFound, Unverified
from shared.domain.exports import Export, ExportState, Outcome
from shared.domain.ids import new_export_id, vendor_id_of
from shared.domain.matching import Chosen
from shared.domain.records import VendorRecord
from shared.storage.table import Stored

_POSITION = re.compile(r"[0-9]{1,9}")

Find = Callable[[Caller, str], Stored[Export]]


class Choosing:
    """The use case of picking. `find` gives the exports that a caller may see."""

    def __init__(
        self, stores: ExportStores, tenants: Tenants, find: Find, entropy: Callable[[int], bytes]
    ) -> None:
        self._stores = stores
        self._tenants = tenants
        self._find = find
        self._entropy = entropy

    def choose(self, caller: Caller, export_id: str, position: str, chosen: Chosen) -> Export:
        """Accepts an export of the record at this position, as the chosen one. To be queued next.

        Later exports of the record go there as well.
        """
        source = self._find(caller, export_id).value
        record, outcome = record_at(self._stores, source, position)
        _check(outcome, chosen)
        self._stores.quotas.check_start(caller)
        settings, version = decide(self._tenants, caller, source.object_type)
        now = self._stores.clock()
        export = Export(
            id=new_export_id(int(now.timestamp() * 1000), self._entropy(6)),
            tenant=caller.tenant,
            object_type=source.object_type,
            state=ExportState.QUEUED,
            requested_by=caller.user,
            created_at=now,
            dry_run=source.dry_run,
            media_type=NDJSON,
            mapping_version=version,
            retry_of=source.id,
        )
        if not source.dry_run:
            self._stores.choices.note(caller.tenant, source.object_type, vendor_id_of(record.fields), chosen)
        files = self._stores.files
        files.write_input(caller.tenant, export.id, [json.dumps(record.fields).encode()])
        files.write_settings(caller.tenant, export.id, replace(settings, choices={1: chosen}))
        self._stores.exports.add(export)
        subject = f"export/{export.id}"
        self._stores.trail.note(caller, AuditAction.MATCH_CHOSEN, subject, after=export)
        log.info("match chosen", export=export.id, source=source.id)
        return export


def record_at(stores: ExportStores, source: Export, position: str) -> tuple[VendorRecord, Outcome]:
    """A record and what became of it; NotFound where the export has none there, or not yet."""
    if source.contents_deleted:
        raise NotFound("contentGone", "The records of that export are no longer stored. Send them again.")
    wanted = int(position) if _POSITION.fullmatch(position) else 0
    for chunk in stores.chunks.of(source.tenant, source.id):
        if chunk.first <= wanted < chunk.first + chunk.records:
            return _of_chunk(stores, source, chunk.number, wanted)
    raise _unknown()


def _of_chunk(
    stores: ExportStores, source: Export, number: int, position: int
) -> tuple[VendorRecord, Outcome]:
    records = stores.files.read_records(source.tenant, source.id, number) or ()
    outcomes = stores.files.read_outcomes(source.tenant, source.id, number) or ()
    record = next((each for each in records if each.position == position), None)
    outcome = next((each for each in outcomes if each.position == position), None)
    if not isinstance(record, VendorRecord) or outcome is None:
        raise _unknown()
    return record, outcome


def _unknown() -> NotFound:
    return NotFound("recordUnknown", "The export has no record at this position, or no outcome of it yet.")


def _check(outcome: Outcome, chosen: Chosen) -> None:
    match = outcome.match
    if match is None or not match.is_open:
        raise Conflict("nothingToChoose", "This record does not wait for a choice: see its outcome.")
    if chosen.id is not None and chosen.id not in match.candidates:
        raise Unverified(
            "candidateUnknown",
            "“dynamicsId” has to be one of the record's “match.candidates”, or leave it to “create”: true.",
        )
