"""Keys of rows and names of blobs, made from ids that come from outside."""

import re

SEPARATOR = "|"
MAX_KEY = 1024
"""Characters of a PartitionKey or RowKey ("Understanding the Table service data model")."""

_ESCAPED = re.compile(r"[^A-Za-z0-9._@+-]")


def key(*parts: str) -> str:
    r"""The parts as one key: `/ \ # ?`, control characters, `|`, `~` and all beyond ASCII as `~` and hex.

    Different parts never give the same key. ValueError for an empty part or a key that is too long.
    """
    if not parts or not all(parts):
        raise ValueError("A key needs at least one part, and no part may be empty.")
    joined = SEPARATOR.join(_ESCAPED.sub(_hex, part) for part in parts)
    if len(joined) > MAX_KEY:
        raise ValueError(f"A key may have {MAX_KEY} characters, this one has {len(joined)}.")
    return joined


def _hex(match: re.Match[str]) -> str:
    return "".join(f"~{byte:02x}" for byte in match[0].encode("utf-8", "surrogatepass"))
