"""`/`: what this server is, for a person who opens its address; and what it says where it is nothing."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.emulators.entra.emulator import emulator_of


async def index(request: Request) -> Response:
    """A page with the directories, their people and the addresses."""
    emulator = emulator_of(request)
    return emulator.pages.show("index", world=emulator.world, address=emulator.address)


async def not_emulated(request: Request) -> Response:
    """501 for everything that Entra ID may have and this emulator has not."""
    sentence = (
        f"{request.method} {request.url.path} is not emulated. "
        "local/emulators/entra/FIDELITY.md lists what is."
    )
    return JSONResponse({"error": "not_emulated", "error_description": sentence}, status_code=501)
