"""A chunk that fails again and again comes back less and less often."""

from datetime import timedelta

import pytest

from functions.export.messages import parse_write_wire
from shared.domain.errors import Transient
from tests.unit.export.engine import Engine


def test_each_failure_of_a_chunk_doubles_its_wait_up_to_a_limit() -> None:
    engine = Engine(chunk_size=1, window=1)
    engine.export(1)

    def fail(_: int) -> None:
        raise Transient("dynamicsBusy", "Others were changing the same records.")

    engine.answer = fail
    waits: list[float] = []
    for _ in range(12):
        engine.clock.now = max(engine.clock.now, engine.write_queue.due)
        engine.delivery.deliver(parse_write_wire(engine.write_queue.take()))
        waits.append((engine.write_queue.due - engine.clock.now) / timedelta(seconds=1))
    assert waits[:4] == [pytest.approx(usual + 0.5, abs=0.51) for usual in (2, 4, 8, 16)]
    assert waits[-1] == pytest.approx(waits[-2], abs=1.01)
    assert len(engine.ran) == 12
