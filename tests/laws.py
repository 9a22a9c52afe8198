"""What hypothesis need not complain of in laws that hold for something outside."""

from hypothesis import HealthCheck

ONE_FIXTURE_FOR_ALL_EXAMPLES = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow)
"""The examples share what runs outside; and on a busy machine any of them is slow."""
