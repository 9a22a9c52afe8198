"""What is known of an organization is looked at once a second, and news of this process's own at once."""

from datetime import timedelta

from functions.export.pacing import Pacing
from shared.domain.errors import Transient
from shared.domain.pace import Pace, throttled
from shared.storage.cooldowns import CooldownStore
from tests.unit.export.engine import TENANT, Engine

_THROTTLED = Transient("throttled", "Dynamics asks for fewer requests.", retry_after=30)


def test_what_another_process_learned_of_the_organization_is_heeded_a_second_later() -> None:
    engine = Engine()
    export = engine.seen(engine.export(2))
    pacing = Pacing(engine.stores, lambda _: engine.allowance)
    assert pacing.visit(export, 0).wait == 0
    now = engine.clock.now
    learned = throttled(Pace(), 60.0, window=4, began=now, now=now)
    CooldownStore(engine.tables["tenants"]).change(TENANT, lambda _: learned)
    assert pacing.visit(export, 0).wait == 0
    engine.clock.now += timedelta(seconds=1)
    assert pacing.visit(export, 0).wait >= 59


def test_what_a_process_learns_of_the_organization_holds_for_all_its_lanes_at_once() -> None:
    engine = Engine()
    export = engine.seen(engine.export(2))
    pacing = Pacing(engine.stores, lambda _: engine.allowance)
    waiting = pacing.visit(export, 0)
    pacing.visit(export, 0).refused(_THROTTLED)
    assert waiting.wait == 0
    assert pacing.visit(export, 0).wait > 0
