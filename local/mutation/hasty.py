"""How pytest runs here: one test after the other, each time alike, no search for the smallest example."""

from hypothesis import Phase, settings

OPTIONS = (
    "-q",
    *("-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:xdist"),
    *("-o", "timeout=60", "--hypothesis-seed=0", "-W", "ignore::pytest.PytestAssertRewriteWarning"),
)


class Hasty:
    """Laws look for a counterexample and are content with the first one."""

    def pytest_configure(self) -> None:
        """Comes after the conftest's own profile."""
        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("mutation", settings.default, phases=phases, database=None)
        settings.load_profile("mutation")
