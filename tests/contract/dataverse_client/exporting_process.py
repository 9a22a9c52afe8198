"""Worker processes that share an export: each takes messages until the export has ended."""

import multiprocessing
import sys
import time
from base64 import b64decode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Barrier
from typing import Any

from azure.storage.queue import QueueClient
from dataverse_organizations import client_of
from running_chunks import LEAD, ROWS, TENANT

from functions.compiling import compile_for
from functions.export.messages import parse_write
from functions.export.pipeline import Pipeline, Sizes, build_pipeline
from functions.export.prepared import PreparedExport
from functions.export.stores import ExportStores
from functions.quotas import Quotas
from functions.trail import AuditTrail
from shared.dataverse.metadata import read_table
from shared.domain.exports import Export
from shared.domain.ids import ExportId, TenantId
from shared.domain.limits import Limits
from shared.domain.plan import PlanRules
from shared.storage.account import StorageAccount
from shared.storage.audit import AuditStore
from shared.storage.choices import ChoiceStore
from shared.storage.chunks import ChunkStore
from shared.storage.clients import ByConnectionString
from shared.storage.cooldowns import CooldownStore
from shared.storage.exports import ExportStore
from shared.storage.files import ExportFiles
from shared.storage.made_accounts import MadeAccounts
from shared.storage.names import Container, Table
from shared.storage.person_claims import PersonClaims
from shared.storage.progress import ProgressStore
from shared.storage.usage import UsageStore
from shared.storage.writes import WriteLedger
from tests.builders import preferences

LONGEST = 120


def now() -> datetime:
    return datetime.now(UTC)


def stores_of(connection: str, queue: str) -> ExportStores:
    """What one process has of the account that all of them share."""
    account = StorageAccount(ByConnectionString(connection), clock=now)
    exports = ExportStore(account.table(Table.EXPORTS))
    writes = account.table(Table.WRITES)
    return ExportStores(
        exports=exports,
        chunks=ChunkStore(account.table(Table.CHUNKS)),
        progress=ProgressStore(account.table(Table.CHUNKS)),
        files=ExportFiles(account.container(Container.EXPORTS)),
        cooldowns=CooldownStore(account.table(Table.TENANTS)),
        split_queue=account.queue(queue),
        write_queue=account.queue(queue),
        writes=WriteLedger(writes),
        made=MadeAccounts(writes),
        choices=ChoiceStore(writes),
        claims=PersonClaims(writes, now),
        trail=AuditTrail(AuditStore(account.table(Table.AUDIT)), now),
        quotas=Quotas(Limits(), exports, UsageStore(account.table(Table.TENANTS)), now),
        clock=now,
        lease=timedelta(minutes=5),
    )


@dataclass
class Prepared:
    """Prepares without a connection of the tenant."""

    work: PreparedExport

    def of(self, _export: Export) -> PreparedExport:
        return self.work

    def tell(self, _export: Export, error: Exception) -> None:
        raise error


def pipeline_of(stores: ExportStores, dataverse: str, token: str) -> Pipeline:
    client = client_of(dataverse, token=lambda _: token, clock=now)
    table = read_table(client, "lead")
    mapping = compile_for(TENANT, LEAD, ROWS, table.columns, targets={})
    prepared: Any = Prepared(PreparedExport(client, table, PlanRules(LEAD, mapping, preferences(LEAD))))
    return build_pipeline(stores, prepared, Sizes(5, 8))


def work(ready: Barrier, connection: str, queue: str, *rest: str) -> None:
    """One process: handles messages until the export has ended, when all the others are ready as well."""
    dataverse, token, tenant, export_id = rest
    stores = stores_of(connection, queue)
    delivery = pipeline_of(stores, dataverse, token).delivery
    ready.wait(LONGEST)
    ready.wait(LONGEST)
    end = time.monotonic() + LONGEST
    with QueueClient.from_connection_string(connection, queue) as waiting:
        while time.monotonic() < end:
            message = waiting.receive_message(visibility_timeout=60)
            if message is not None:
                delivery.deliver(parse_write(b64decode(message.content)))
                waiting.delete_message(message)
                continue
            stored = stores.exports.get(TenantId(tenant), ExportId(export_id))
            if stored is None or stored.value.ended_at is not None:
                return
            time.sleep(0.05)


def main(amount: str, *given: str) -> int:
    """So many processes, of which each begins with everything imported; says when they are ready."""
    context = multiprocessing.get_context("fork")
    ready = context.Barrier(int(amount) + 1)
    workers = [context.Process(target=work, args=(ready, *given), daemon=True) for _ in range(int(amount))]
    for each in workers:
        each.start()
    ready.wait(LONGEST)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    ready.wait(LONGEST)
    for each in workers:
        each.join(LONGEST)
    return max(each.exitcode or 0 for each in workers)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
