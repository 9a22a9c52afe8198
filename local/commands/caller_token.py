"""./dev token: a caller's token for the local stack, alone on standard output."""

import argparse
import os
from collections.abc import Sequence

from local.callers import caller_token
from local.description import running_in
from local.state import chosen_state


def main(arguments: Sequence[str]) -> int:
    """0 with the token on standard output."""
    parser = argparse.ArgumentParser(
        prog="./dev token", description="Prints a caller's token for the stack that is up."
    )
    parser.add_argument("--tenant", required=True, help="a tenant of local/world.json, such as contoso")
    parser.add_argument("--user", required=True, help="one of its users, such as ada")
    parser.add_argument(
        "--admin", action="store_true", help="an administrator, whatever local/world.json says"
    )
    options = parser.parse_args(arguments)
    stack = running_in(chosen_state(os.environ))
    print(caller_token(stack.entra, options.tenant, options.user, admin=options.admin or None))
    return 0
