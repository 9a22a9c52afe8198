"""Work in a copy of this process, so that nothing of it is left behind."""

import contextlib
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

_MEMORY = 8 * 1024**3
_BROKEN = 70


def in_a_process(work: Callable[[], int], log: Path, *, seconds: float) -> int:
    """The work's exit code; it has that much processor time and no more."""
    child = os.fork()
    if child == 0:
        code = _BROKEN
        os.setsid()
        try:
            with log.open("wb") as output:
                os.dup2(output.fileno(), 1)
                os.dup2(output.fileno(), 2)
            signal.setitimer(signal.ITIMER_PROF, seconds)
            resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
            code = work()
        except BaseException:  # noqa: BLE001 - whatever it is, it ends this process and not the whole command
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    ended = os.waitpid(child, 0)[1]
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # what a test started and had no time to end
    return os.waitstatus_to_exitcode(ended)
