"""The HTTP operations by which a person picks the Dynamics record of a vendor record."""

import azure.functions as func

from functions.export.candidates import Candidates
from functions.export.choice_payloads import CandidatePayload, ChoiceRequest
from functions.export.choosing import Choosing
from functions.export.history import Seen
from functions.export.payloads import ExportPayload
from functions.export.service import ExportService
from functions.http import Api, Page, Parameter, Reply, Request, Who
from shared.domain.errors import Conflict, Forbidden, NeedsUser, NotFound, Unverified
from shared.domain.matching import Chosen

_LOCATION = Parameter("Location", "Where the export is to be followed.", example="/api/exports/…")


def blueprint(api: Api, service: ExportService, choosing: Choosing, candidates: Candidates) -> func.Blueprint:
    """Looking at the candidates, and picking."""
    routes = func.Blueprint()

    @api.operation(
        routes,
        name="get_export_record_candidates",
        method="GET",
        path="/exports/{id}/records/{position}/candidates",
        tag="Exports",
        who=Who.USER,
        summary="The Dynamics records among which a person can pick, as they are now",
        answer=Page[CandidatePayload],
        errors=(NotFound, NeedsUser),
    )
    def get_export_record_candidates(request: Request[None]) -> Reply:
        found = candidates.of(request.caller, request.route["id"], request.route["position"])
        return Reply(body=Page(items=[CandidatePayload.of(each) for each in found]))

    @api.operation(
        routes,
        name="post_export_record_choose",
        method="POST",
        path="/exports/{id}/records/{position}/choose",
        tag="Exports",
        who=Who.USER,
        summary="Pick the Dynamics record of a record that several match, as a new export",
        description="For records that were skipped because several in Dynamics match (`choiceNeeded`, "
        "`severalMatches`) or because the match cannot be written. The new export has that one record.",
        body=ChoiceRequest,
        answer=ExportPayload,
        status=202,
        answer_headers=(_LOCATION,),
        errors=(NotFound, Conflict, Forbidden, NeedsUser, Unverified),
    )
    def post_export_record_choose(request: Request[ChoiceRequest]) -> Reply:
        chosen, route = Chosen(request.body.dynamics_id), request.route
        export = choosing.choose(request.caller, route["id"], route["position"], chosen)
        service.queue(export)
        headers = {"Location": f"/api/exports/{export.id}"}
        return Reply(body=ExportPayload.of(Seen.of_new(export)), headers=headers)

    return routes
