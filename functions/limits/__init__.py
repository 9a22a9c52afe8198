"""What is left of the limits, as callers ask for it."""
