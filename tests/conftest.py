"""What holds for every test."""

from hypothesis import settings

# A busy machine makes one example slow without anything being wrong; pytest's own timeout still ends a hang.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
