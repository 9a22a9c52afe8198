"""The stack that the demo plays on: the one that runs already in the state folder, or one of its own."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.demo.narration import Narration
from local.description import StackDescription, running_in
from local.errors import DevError
from local.readiness import answers_ok
from local.stack import Stack, StackOptions, running_stack


@dataclass(frozen=True, slots=True)
class Stage:
    """A running stack; `own` where the demo started it, and so has to end it."""

    description: StackDescription
    own: Stack | None


@contextmanager
def stage(state: Path, port_base: int | None, narration: Narration) -> Iterator[Stage]:
    """A stack that answers until the block is left. What is in it is still there the next time."""
    narration.step("The local stack")
    running = _answering(state)
    if running is not None:
        narration.tell(f"runs already, with its state in {state}")
        yield Stage(running, None)
        return
    narration.tell("starting: Azurite, the Entra ID and Dataverse emulators, the functions host")
    started = time.monotonic()
    with running_stack(state, StackOptions(port_base=port_base, persistent=True)) as stack:
        seconds = time.monotonic() - started
        narration.tell(f"ready after {seconds:.1f} s; its state is kept in {state}")
        yield Stage(stack.description, stack)


def _answering(state: Path) -> StackDescription | None:
    try:
        found = running_in(state)
    except DevError:
        return None
    return found if answers_ok(f"{found.api}/health") else None
