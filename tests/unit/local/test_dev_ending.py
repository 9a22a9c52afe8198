from local.host.__main__ import GRACE_SECONDS as OF_FUNCTIONS
from local.processes import GRACE_SECONDS as OF_A_PART


def test_a_stack_does_not_cut_its_host_off_before_the_host_cuts_its_functions_off() -> None:
    assert OF_A_PART > OF_FUNCTIONS
