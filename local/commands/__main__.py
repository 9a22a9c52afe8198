"""Runs one call of ./dev inside the prepared environment."""

import importlib
import sys
from collections.abc import Sequence

from local.commands import calls
from local.errors import DevError


def main(arguments: Sequence[str]) -> int:
    """The exit code of the call that the first argument names."""
    try:
        module = importlib.import_module(calls.module_of(arguments[0]))
        return int(module.main(arguments[1:]))
    except DevError as error:
        print(f"dev: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
