import json
from typing import Any

import pytest
from pydantic import ValidationError

from functions.connect.payloads import AccessPayload, StartPayload
from shared.domain.connection import Access
from shared.domain.ids import UserId


def access(**body: Any) -> AccessPayload:
    return AccessPayload.model_validate_json(json.dumps(body))


@pytest.mark.parametrize(
    ("users", "domain"),
    [
        ("all", None),
        ([], frozenset()),
        (["ada", "bruno", "ada"], frozenset({UserId("ada"), UserId("bruno")})),
    ],
    ids=["everybody", "nobody", "some"],
)
def test_access_as_json_and_back(users: Any, domain: frozenset[UserId] | None) -> None:
    payload = access(enabled=True, users=users)
    assert payload.to_domain() == Access(enabled=True, users=domain)
    assert AccessPayload.of(payload.to_domain()).to_domain() == payload.to_domain()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"enabled": True},
        {"enabled": "yes", "users": "all"},
        {"enabled": True, "users": "some"},
        {"enabled": True, "users": None},
        {"enabled": True, "users": [""]},
        {"enabled": True, "users": [1]},
        {"enabled": True, "users": ["x" * 129]},
        {"enabled": True, "users": "all", "extra": 1},
    ],
    ids=str,
)
def test_access_that_cannot_be_understood_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        access(**body)


def test_a_start_needs_an_organization() -> None:
    started = StartPayload.model_validate_json('{"organizationUrl": "contoso.crm4.dynamics.com"}')
    assert started.return_url is None
    with pytest.raises(ValidationError):
        StartPayload.model_validate_json("{}")
