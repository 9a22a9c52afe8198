"""./dev export: a file of records through the HTTP API of the stack that is up."""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Any

from local.api_client import ApiClient, content_type_of
from local.callers import caller_token
from local.commands.callers_folder import given_path
from local.description import StackDescription, running_in
from local.errors import DevError
from local.exporting import Finished, export_file
from local.progress import ProgressDisplay
from local.state import chosen_state

_MOST_REASONS = 20


def main(arguments: Sequence[str]) -> int:
    """0 where the export ended without a failed record, 1 otherwise."""
    options = _parser().parse_args(arguments)
    file = given_path(options.file)
    content_type_of(file)
    stack = running_in(chosen_state(os.environ))
    tenant, user = _caller(stack, options.tenant, options.user)
    client = ApiClient(stack.api, caller_token(stack.entra, tenant, user))
    display = ProgressDisplay(options.object, sys.stderr)
    finished = export_file(client, file, options.object, display=display, dry_run=options.dry_run)
    print(summary(finished))
    for line in failures(client, finished):
        print(line)
    return 0 if finished.export["state"] == "succeeded" else 1


def summary(finished: Finished) -> str:
    """How an export ended, in two lines."""
    counts = ", ".join(f"{count:,} {outcome}" for outcome, count in finished.counts.items())
    kind = "dry run" if finished.export["dryRun"] else "export"
    state, total = finished.export["state"], finished.export["counts"]["total"]
    return f"{kind} {finished.id}: {state}\n{counts} of {total:,}"


def failures(client: ApiClient, finished: Finished) -> list[str]:
    """The first failed records with their reasons, and how many more there are."""
    failed = finished.counts["failed"]
    if not failed:
        return []
    records = client.records(finished.id, "failed")
    lines = [_failure(record) for record, _ in zip(records, range(_MOST_REASONS), strict=False)]
    return [*lines, f"  and {failed - _MOST_REASONS:,} more"] if failed > _MOST_REASONS else lines


def _failure(record: dict[str, Any]) -> str:
    blamed = f" ({record['column']})" if record.get("column") else ""
    position, vendor_id = record["position"], record.get("vendorId") or "-"
    return f"  record {position}, vendor id {vendor_id}: {record['reason']}{blamed}"


def _caller(stack: StackDescription, tenant: str | None, user: str | None) -> tuple[str, str]:
    """The named caller, or the first one of the demo world."""
    tenants = {each["id"]: each for each in stack.demo["tenants"]}
    chosen = tenant or next(iter(tenants))
    if chosen not in tenants:
        raise DevError(f"there is no tenant {chosen}; there are {', '.join(tenants)}.")
    return chosen, user or tenants[chosen]["users"][0]["id"]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./dev export", description="Exports a file through the HTTP API of the stack that is up."
    )
    parser.add_argument("file", metavar="FILE", help="records, one JSON object a line (.ndjson) or .csv")
    parser.add_argument("--object", required=True, choices=("lead", "account"), help="what they become")
    parser.add_argument("--tenant", help="whose export it is; the first tenant of the demo world by default")
    parser.add_argument("--user", help="who exports; the tenant's first user by default")
    parser.add_argument("--dry-run", action="store_true", help="tell what would happen, and write nothing")
    return parser
