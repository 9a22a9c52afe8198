import json
import logging

import pytest

from shared import log


@pytest.fixture(autouse=True)
def everything_is_written(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "dynamics_export")


def last(caplog: pytest.LogCaptureFixture) -> dict[str, object]:
    return json.loads(caplog.messages[-1])


def test_an_event_is_one_line_of_json_with_its_fields(caplog: pytest.LogCaptureFixture) -> None:
    log.info("chunk finished", created=3, note="two\nlines")
    assert "\n" not in caplog.messages[-1]
    assert last(caplog) == {"event": "chunk finished", "created": 3, "note": "two\nlines"}


def test_context_rides_along_and_ends_with_its_block(caplog: pytest.LogCaptureFixture) -> None:
    with log.context(tenant="contoso"):
        with log.context(export="e1", chunk="2"):
            log.warning("organization throttled")
            assert last(caplog).items() >= {"tenant": "contoso", "export": "e1", "chunk": "2"}.items()
        log.info("went on")
        assert last(caplog) == {"event": "went on", "tenant": "contoso"}
    log.info("afterwards")
    assert last(caplog) == {"event": "afterwards"}


def test_context_ends_when_its_block_fails(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ValueError, match="boom"), log.context(tenant="contoso"):
        raise ValueError("boom")
    log.info("afterwards")
    assert "tenant" not in last(caplog)


def test_what_is_learnt_on_the_way_rides_along_until_the_context_around_ends(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with log.context(invocation="i1"):
        log.add(tenant="contoso")
        log.info("identified")
        assert last(caplog) == {"event": "identified", "invocation": "i1", "tenant": "contoso"}
    log.info("afterwards")
    assert last(caplog) == {"event": "afterwards"}


def test_secrets_are_taken_out_of_events_fields_context_and_tracebacks(
    caplog: pytest.LogCaptureFixture,
) -> None:
    secret = "abcdefgh12345678"
    with log.context(url=f"https://x/cb?code={secret}"):
        try:
            int(f"client_secret={secret}")
        except ValueError as error:
            log.exception(f"sent Bearer {secret}", error, body={"password": secret})
    assert secret not in caplog.messages[-1]
    assert "Traceback" in str(last(caplog)["traceback"])


def test_levels_tell_who_should_look(caplog: pytest.LogCaptureFixture) -> None:
    for write in (log.debug, log.info, log.warning, log.error):
        write("happened")
    assert [record.levelname for record in caplog.records] == ["DEBUG", "INFO", "WARNING", "ERROR"]
    assert all(record.filename == "test_log.py" for record in caplog.records)


def test_a_value_that_json_does_not_know_is_written_as_text(caplog: pytest.LogCaptureFixture) -> None:
    log.info("asked", path=ValueError("x"), many={1})
    assert last(caplog) == {"event": "asked", "path": "x", "many": [1]}


def test_libraries_are_kept_to_warnings() -> None:
    log.configure(logging.INFO)
    assert not logging.getLogger("azure.core.pipeline").isEnabledFor(logging.INFO)
    assert logging.getLogger("dynamics_export").isEnabledFor(logging.INFO)
