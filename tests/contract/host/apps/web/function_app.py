"""HTTP functions of every shape."""

import asyncio
import json
import threading
import time

import azure.functions as func
from things import blueprint

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
app.register_functions(blueprint)

together = threading.Barrier(3, timeout=60)


@app.route(route="echo/{name:alpha}/{*rest}")
def echo(req: func.HttpRequest) -> func.HttpResponse:
    seen = {
        "method": req.method,
        "url": req.url,
        "headers": dict(req.headers),
        "params": dict(req.params),
        "route": dict(req.route_params),
        "body": req.get_body().decode(),
    }
    return func.HttpResponse(json.dumps(seen), mimetype="application/json")


@app.route(route="answer", methods=["POST"])
async def answer(req: func.HttpRequest) -> func.HttpResponse:
    await asyncio.sleep(0)
    response = func.HttpResponse(b"\x00\xff", status_code=418, mimetype="application/octet-stream")
    response.headers["X-One"] = "1"
    response.headers.add("Set-Cookie", "a=1; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=60")
    response.headers.add("Set-Cookie", "b=2")
    return response


@app.route(route="empty", methods=["DELETE"])
def empty(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse(status_code=204)


@app.route(route="text")
def text(req: func.HttpRequest) -> str:
    return "grüße"


@app.route(route="size", methods=["POST"])
def size(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse(str(len(req.get_body())))


@app.route(route="raises")
def raises(req: func.HttpRequest) -> func.HttpResponse:
    raise RuntimeError("boom in a function")


@app.route(route="nothing")
def nothing(req: func.HttpRequest):  # noqa: ANN201 - an annotation would say that it is wrong
    return None


@app.route(route="bad-header")
def bad_header(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse(headers={"X-Bad": "one\r\nX-Two: two"})


@app.route(route="together")
def meet(req: func.HttpRequest) -> func.HttpResponse:
    together.wait()
    return func.HttpResponse("met")


@app.route(route="{*path}", methods=["OPTIONS"])
def preflight(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse(status_code=204, headers={"Access-Control-Allow-Origin": "*"})


@app.route(route="slow")
def slow(req: func.HttpRequest) -> func.HttpResponse:
    print("slow has begun", flush=True)  # noqa: T201 - whoever waits for it reads what the host prints
    time.sleep(1)
    return func.HttpResponse("done")


@app.route(route="context")
def with_context(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
    seen = {
        "name": context.function_name,
        "id": context.invocation_id,
        "thread": context.thread_local_storage.invocation_id,
        "trace": context.trace_context.trace_parent,
        "retries": context.retry_context.retry_count,
    }
    return func.HttpResponse(json.dumps(seen))
