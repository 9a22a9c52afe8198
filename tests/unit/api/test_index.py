"""What Azure is told at start is what the slices declare."""

from typing import Any

import azure.functions as func  # noqa: TID251 - it compares what the Functions host would be told
import pytest

from functions.bootstrap import build_app
from functions.index import index
from shared.settings import SettingsRefused
from tests.unit.api.test_settings import LOCAL

SCHEDULES = {"REVIVE_SCHEDULE": "0 */7 * * * *", "RETENTION_SCHEDULE": "0 15 4 * * *"}


def described(app: func.FunctionApp) -> dict[str, list[Any]]:
    return {each.get_function_name(): sorted(each.get_raw_bindings()) for each in app.get_functions()}


def test_azure_is_told_exactly_the_functions_that_the_slices_declare() -> None:
    environ = {**LOCAL, **SCHEDULES}
    assert described(index(environ)) == described(build_app(environ)), (
        "functions/index.py and the slices disagree: give each function its line in functions/index.py"
    )


def test_wrong_settings_are_refused_at_the_start_and_not_at_the_first_call() -> None:
    with pytest.raises(SettingsRefused):
        index({**LOCAL, "API_ISSUER": ""})
