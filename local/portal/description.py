"""Writes the API's description to a file, as the code has it: nothing has to run for that."""

import json
from pathlib import Path
from typing import Any

from local import parts
from local.ports import DEFAULT_BASE, from_base
from local.world import read_world


def write_description(file: Path) -> None:
    """The document that the service would serve at /openapi.json."""
    text = json.dumps(_document(), indent=1, ensure_ascii=False) + "\n"
    if not file.exists() or file.read_text(encoding="utf-8") != text:
        file.write_text(text, encoding="utf-8")


def _document() -> dict[str, Any]:
    import azure.functions as func  # noqa: TID251 - asks the product's function as the Functions host would

    from functions.bootstrap import build_app

    settings = parts.product_settings(
        parts.Addresses(from_base(DEFAULT_BASE)), read_world(), Path("key.json")
    )
    functions = build_app(settings).get_functions()
    describes = next(each for each in functions if each.get_function_name() == "get_openapi")
    request = func.HttpRequest("GET", "/api/openapi.json", body=b"")
    answer: func.HttpResponse = describes.get_user_function()(request)
    content: dict[str, Any] = json.loads(answer.get_body())
    return content
