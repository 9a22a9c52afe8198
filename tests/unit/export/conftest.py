"""Laws are checked without a clock on each example, and leave no files behind."""

from hypothesis import settings

settings.register_profile("unit", deadline=None, database=None)
settings.load_profile("unit")
