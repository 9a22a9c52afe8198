"""Makes the checkout's own environment before any call of ./dev; Python 3.8 and no package suffice."""
