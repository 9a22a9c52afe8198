"""The calls behind ./dev, one module each."""
