"""The demo's results in words and a table."""

from collections.abc import Iterator

from local.api_client import ApiClient
from local.demo.results import Result, Results
from local.description import StackDescription
from local.exporting import OUTCOMES

_MOST_REASONS = 10
_COLUMNS = ("", "records", *OUTCOMES, "seconds", "records/s")


def outcome_table(results: Results) -> str:
    """One line for each export."""
    rows = [_COLUMNS, *(_row(result) for result in results.ended)]
    widths = [max(8, len(column)) for column in _COLUMNS]
    return "\n".join(
        "  ".join(f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True)) for row in rows
    )


def remarks(results: Results) -> Iterator[str]:
    """What the numbers mean."""
    if not results.ended:
        return
    if not results.shortcomings():
        rows = " and ".join(f"{one.rows_after:,} {one.input.noun}" for one in results.ended)
        yield "Every record has an outcome."
        yield f"Counted in Dataverse: {rows}{_new_rows(results)}."
    if not results.total("created") and (found := _found_again(results)):
        yield f"Nothing was created twice: {found}."
    yield _requests(results)
    yield from _slowest(results)


def reasons(client: ApiClient, result: Result) -> Iterator[str]:
    """The first failed records of an export with their reasons, and the first skipped ones."""
    for outcome in ("failed", "skipped"):
        number = result.finished.counts[outcome]
        if not number:
            continue
        yield f"{outcome.capitalize()}, {number:,} of the {result.input.noun}:"
        records = client.records(result.finished.id, outcome)
        for record, _ in zip(records, range(_MOST_REASONS), strict=False):
            blamed = f" ({record['column']})" if record["column"] else ""
            yield f"  record {record['position']}, id {record['vendorId'] or '-'}: {record['reason']}{blamed}"
        if number > _MOST_REASONS:
            yield f"  and {number - _MOST_REASONS:,} more, which results.csv has"


def places(stack: StackDescription, results: Results, caller: tuple[str, str]) -> str:
    """Where to look at what was done. `caller`: the tenant and the user whose exports they are."""
    token = "./dev token --tenant {} --user {}".format(*caller)
    rows = {
        "the portal": stack.portal,
        "accounts in Dynamics": f"{stack.dataverse}/view/account",
        "leads in Dynamics": f"{stack.dataverse}/view/lead",
        "the API, to try": f"{stack.api}/docs",
        "a token for what follows": token,
        "for instance": f'curl -H "Authorization: Bearer $({token})" {stack.api}/exports',
    }
    rows |= {
        f"results of {result.input.noun}": f"{stack.api}/exports/{result.finished.id}/results.csv"
        for result in results.ended
    }
    return "\n".join(f"{name:<26}{place}" for name, place in rows.items())


def _row(result: Result) -> tuple[str, ...]:
    finished = result.finished
    numbers = [int(finished.export["counts"]["total"]), *finished.counts.values()]
    rate = numbers[0] / result.seconds
    return (
        result.input.noun,
        *(f"{number:,}" for number in numbers),
        f"{result.seconds:.1f}",
        f"{rate:,.0f}",
    )


def _new_rows(results: Results) -> str:
    if not results.alone:
        return ""
    created = results.total("created")
    return f", {created:,} of them new, as many as were created" if created else ", not one of them new"


def _found_again(results: Results) -> str:
    found = {outcome: results.total(outcome) for outcome in ("unchanged", "updated")}
    return ", ".join(f"{number:,} {outcome}" for outcome, number in found.items() if number)


def _requests(results: Results) -> str:
    requests, created = sum(result.requests for result in results.ended), results.total("created")
    if not created:
        return f"HTTP requests to Dataverse: {requests:,}, for no new records."
    share = requests * 1000 / created
    return f"HTTP requests to Dataverse: {requests:,} for {created:,} new records, {share:.1f} per 1,000."


def _slowest(results: Results) -> Iterator[str]:
    slow = max(results.ended, key=lambda result: result.seconds)
    yield f"Slowest: the {slow.input.noun}, {slow.seconds:.1f} s."
    requests = [result.slowest_request for result in results.ended if result.slowest_request]
    if requests:
        one = max(requests, key=lambda request: request.milliseconds)
        records = f" of {one.records:,} records" if one.records else ""
        yield f"Slowest request to Dataverse: {one.name}{records}, {one.milliseconds:,.0f} ms."
