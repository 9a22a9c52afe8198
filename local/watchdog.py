"""Ends the stack's processes when the stack itself is gone, however it went; started by local.processes."""

import os
import select
import signal
import sys


def main() -> None:
    """Waits for the end of standard input, which the stack alone holds open, then ends this process group."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.stdin.buffer.read()
    os.killpg(0, signal.SIGTERM)
    # The other end of this pipe is in the hands of the parts: it ends with the last of them.
    select.select([int(sys.argv[1])], [], [], float(sys.argv[2]))
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
