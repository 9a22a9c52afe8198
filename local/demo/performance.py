"""The demo from the connection to the result, on a stack that runs."""

import sys
import time
from collections.abc import Sequence

from local.api_client import ApiClient
from local.callers import caller_token
from local.demo import report
from local.demo.connecting import connect, tenant_admin
from local.demo.inputs import Input
from local.demo.narration import Narration
from local.demo.results import Refused, Result, Results
from local.demo.sending import start_export
from local.demo.traffic import Dataverse
from local.description import StackDescription
from local.errors import DevError
from local.exporting import Finished, follow
from local.progress import ProgressDisplay

TENANT = "contoso"


class Performance:
    """One run of the demo for the demo tenant, told step by step."""

    def __init__(self, stack: StackDescription, narration: Narration) -> None:
        self._stack = stack
        self._narration = narration
        self._admin = tenant_admin(stack, TENANT)
        self._client = ApiClient(stack.api, caller_token(stack.entra, TENANT, self._admin["id"]))

    def run(self, inputs: Sequence[Input]) -> Results:
        """Connects, exports every input, and tells what became of it."""
        self._narration.step(f"The connection of tenant {TENANT}")
        for done in connect(self._client, self._stack, self._admin):
            self._narration.tell(done)
        self._narration.step("The export")
        for each in inputs:
            self._narration.tell(f"{each.noun} from {each.file.name}: {each.about}")
        results = self._export_all(inputs)
        self._tell_outcome(results)
        return results

    def _export_all(self, inputs: Sequence[Input]) -> Results:
        alone = not self._others_under_way()
        if not alone:
            self._narration.tell("an earlier export has not ended yet and goes on beside these")
        attempts = [self._attempt(each) for each in inputs]
        return Results(
            [one for one in attempts if isinstance(one, Result)],
            [one for one in attempts if isinstance(one, Refused)],
            alone,
        )

    def _others_under_way(self) -> bool:
        """Whether one of the tenant's latest exports has not ended, as after an interrupted demo."""
        return any(export["endedAt"] is None for export in self._client.get("/exports")["items"])

    def _attempt(self, wanted: Input) -> Result | Refused:
        """One export; what the API says against it does not keep the next one from its turn."""
        try:
            return self._export(wanted)
        except DevError as error:
            return Refused(wanted, str(error))

    def _export(self, wanted: Input) -> Result:
        dataverse = Dataverse(self._stack.dataverse, self._stack.organization_url)
        rows, requests = dataverse.rows(wanted.object_type), dataverse.requests()
        started = time.monotonic()
        finished = self._follow(wanted)
        seconds = time.monotonic() - started
        sent = dataverse.requests() - requests
        return Result(
            input=wanted,
            finished=finished,
            seconds=seconds,
            requests=sent,
            slowest_request=dataverse.slowest_of_last(sent),
            rows_before=rows,
            rows_after=dataverse.rows(wanted.object_type),
        )

    def _follow(self, wanted: Input) -> Finished:
        display = ProgressDisplay(f"   {wanted.noun:<8}", sys.stderr)
        try:
            return follow(self._client, start_export(self._client, wanted.file, wanted.object_type), display)
        finally:
            display.leave()

    def _tell_outcome(self, results: Results) -> None:
        self._narration.step("The outcome")
        self._narration.tell(report.outcome_table(results), "", *report.remarks(results))
        for result in results.ended:
            if lines := list(report.reasons(self._client, result)):
                self._narration.tell("", *lines)
        self._narration.step("Where to look")
        self._narration.tell(report.places(self._stack, results, (TENANT, self._admin["id"])))
