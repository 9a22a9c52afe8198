import pytest

from local import ports
from local.errors import DevError


def test_the_ports_follow_each_other_from_the_base() -> None:
    assert ports.from_base(7071) == ports.Ports(
        host=7071, portal=7072, entra=7073, dataverse=7074, blob=7075, queue=7076, table=7077
    )


@pytest.mark.parametrize(("text", "base"), [("", 7071), ("8171", 8171), ("65529", 65529)])
def test_the_base_comes_from_the_environment(text: str, base: int) -> None:
    assert ports.chosen_base({"DEV_PORT_BASE": text}) == base


@pytest.mark.parametrize(
    "text",
    ["80", "65530", "-1", "7071a", "7 071"],
    ids=["privileged", "no room", "negative", "word", "blank"],
)
def test_a_base_that_cannot_be_used_is_refused_by_name(text: str) -> None:
    with pytest.raises(DevError, match=r"DEV_PORT_BASE .* from 1024 to 65529"):
        ports.chosen_base({"DEV_PORT_BASE": text})
