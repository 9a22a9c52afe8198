"""The calls of ./dev by name; readable by any Python, so that help needs no environment."""

from __future__ import annotations

from local.errors import DevError

HELP_WORDS = ("help", "-h", "--help")

# name -> (module, what it does)
CALLS = {
    "demo": (
        "local.commands.demo",
        "the main job: start the stack, connect a demo tenant, export people and companies",
    ),
    "up": ("local.commands.up", "start the local stack and print its addresses, until Ctrl-C"),
    "test": ("local.commands.run_tests", "run every test, or what you name in pytest's words"),
    "lint": ("local.commands.lint", "check formatting, lint, types and imports; --fix repairs what it can"),
    "bench": ("local.commands.bench", "run the benchmarks, or those that you name"),
    "chaos": (
        "local.commands.chaos",
        "export while everything goes wrong, and check every record; --seed N --minutes M",
    ),
    "mutate": (
        "local.commands.mutate",
        "put mistakes into a copy of the code and see whether tests notice; --sample N, --seeded",
    ),
    "token": ("local.commands.caller_token", "print a caller's token for the stack that is up"),
    "dataverse": (
        "local.commands.dataverse",
        "start only the Dataverse emulator, for tests of your own, until Ctrl-C",
    ),
    "pictures": (
        "local.commands.pictures",
        "photograph every screen of the portal for docs/pictures/portal",
    ),
    "pin": ("local.commands.pin", "write requirements.txt anew from requirements.in, with hashes"),
    "package": ("local.commands.package", "build the zip file that is deployed"),
    "smoke": ("local.commands.smoke", "check a running service: its health, and two records exported twice"),
    "tables": ("local.commands.tables", "save the rows of a deployment's tables, or load them elsewhere"),
    "export": ("local.commands.export_file", "export a file through the HTTP API of the stack that is up"),
}


def help_text() -> str:
    """Each call on one line, with a word about where things are kept."""
    lines = ["usage: ./dev CALL [ARGUMENT]...", ""]
    lines += [f"  {name:<11}{does}" for name, (_, does) in CALLS.items()]
    lines += ["  {:<11}{}".format("help", "show this"), ""]
    lines += [
        "./dev CALL --help tells what a call takes. DEV_PORT_BASE (7071) moves every port of the stack,",
        "DEV_STATE (.local) says where it keeps its state: two stacks run side by side with two of each.",
    ]
    return "\n".join(lines)


def module_of(name: str) -> str:
    """The module whose main() is the call, or an error that lists the calls that exist."""
    if name not in CALLS:
        raise DevError("there is no call '{}'; choose one of {}, help.".format(name, ", ".join(CALLS)))
    return CALLS[name][0]
