import re
from pathlib import Path

import pytest

from local.mutation.seeded import Fault, seeded_faults

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("fault", seeded_faults(), ids=lambda fault: f"{fault.promise}: {fault.what}")
def test_each_seeded_fault_has_its_place_and_its_test(fault: Fault) -> None:
    assert (ROOT / fault.file).read_text().count(fault.old) == 1
    assert fault.old != fault.new
    path, _, name = fault.test.partition("::")
    tests = re.findall(r"def (test_\w+)\(", (ROOT / path).read_text())
    assert name in tests if name else tests


def test_each_promise_about_security_has_a_seeded_fault() -> None:
    assert {fault.promise for fault in seeded_faults()} == set(range(20, 37))
