import json
import logging
from typing import Any

from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor

from shared import log, telemetry
from shared.telemetry.receivers import Forwarder


def test_events_reach_the_receiver_redacted_and_with_their_trace(recorded: Any) -> None:
    kept = InMemoryLogRecordExporter()
    provider = LoggerProvider(shutdown_on_exit=False)
    provider.add_log_record_processor(SimpleLogRecordProcessor(kept))
    logger, forwarder = logging.getLogger(log.LOGGER), Forwarder(provider)
    logger.addHandler(forwarder)
    try:
        with telemetry.span("GET /health", telemetry.Kind.SERVER):
            log.warning("request refused", code="x", detail="of canary@quince.example")
    finally:
        logger.removeHandler(forwarder)
    (told,) = kept.get_finished_logs()
    event = json.loads(str(told.log_record.body))
    assert (event["event"], event["detail"]) == ("request refused", "of [email]")
    assert told.log_record.severity_text == "WARNING"
    assert told.log_record.trace_id == recorded.spans()["GET /health"].context.trace_id
