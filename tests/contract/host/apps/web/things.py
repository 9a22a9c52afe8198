"""A blueprint with one address and several methods."""

import azure.functions as func

blueprint = func.Blueprint()


@blueprint.route(route="things/{id}", methods=["GET"])
def get_thing(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse(f"got {req.route_params['id']}")


@blueprint.route(route="things/{id}", methods=["PUT", "PATCH"])
def put_thing(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse(f"put {req.route_params['id']}")


@blueprint.route(route="things/{id:int}/parts/{part?}", methods=["GET"])
def get_parts(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse(f"part {req.route_params.get('part', 'all')} of {req.route_params['id']}")
