from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.queueing import Load, Service, simulate

SERVICE = Service()
CROWD = Load(500, exports_per_day=30, peak=0.5)


@given(st.integers(1, 60), st.integers(1, 3))
def test_every_record_is_worked_on_once_whatever_the_load(tenants: int, instances: int) -> None:
    load = Load(tenants)
    result = simulate(load, SERVICE, instances)
    own = result.records * (SERVICE.seconds_per_record + SERVICE.own_per_record)
    assert abs(result.busy_seconds - own - result.chunks * 2 * SERVICE.latency) < 1e-3
    assert result.exports == round(tenants * load.exports_per_day * load.peak)


def test_nobody_waits_where_there_is_room() -> None:
    assert max(simulate(Load(3), SERVICE, 1).small_waits) == 0


def test_more_instances_never_make_the_longest_wait_longer() -> None:
    narrow, wide = (simulate(CROWD, replace(SERVICE, slots=4), instances) for instances in (1, 4))
    assert max(wide.small_waits) <= max(narrow.small_waits)
    assert max(narrow.small_waits) > 0


def test_a_large_export_takes_no_more_slots_than_its_lanes() -> None:
    alone = simulate(Load(0), SERVICE, 1, extra=1_000_000)
    assert alone.utilization * SERVICE.slots <= SERVICE.width(2_000) + 1e-6
    assert alone.chunks == 2_000


def test_the_mean_of_the_sizes_is_what_the_shares_give() -> None:
    assert Load(1, sizes=((0.5, 10), (0.5, 30))).mean_records == 20
