"""Each error code of the list is provoked by an exchange, and each provoked code is in the list."""

import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from documented_exchange import exchanges
from documented_subject import Subject

CODES: dict[str, str] = tomllib.loads(Path(__file__).with_name("codes.toml").read_text(encoding="utf-8"))[
    "codes"
]
CONCURRENCY = "0x80072326"  # takes two requests at once, which no single exchange can send


def provoked() -> set[str]:
    return {one.code for one in exchanges() if one.code is not None} | {CONCURRENCY}


def test_every_code_of_the_list_is_provoked() -> None:
    assert sorted(CODES.keys() - provoked()) == []


def test_every_provoked_code_is_documented() -> None:
    undocumented = {"0x80040315", "0x80040239", "0x8004203E", "0x8004022E", "0x8004430C"}
    assert sorted(provoked() - CODES.keys() - undocumented) == []


def test_too_many_requests_at_once(subject: Subject) -> None:
    """api-limits.md, "Concurrent requests"."""
    if not subject.host:
        pytest.skip("needs the emulator's control surface")
    subject.control('PUT limits {"concurrent": 1}')
    subject.control('PUT latency {"request": 0.4}')
    with ThreadPoolExecutor(3) as pool:
        answers = [
            one.result() for one in [pool.submit(subject.send, "GET WhoAmI", "", {}) for _ in range(3)]
        ]
    assert sorted(one.status_code for one in answers) == [200, 429, 429]
    refused = next(one for one in answers if one.status_code == 429)
    assert refused.json()["error"] == {
        "code": CONCURRENCY,
        "message": "Number of concurrent requests exceeded the limit of 1.",
    }
    assert int(refused.headers["Retry-After"]) > 0
