"""What Azure Functions runs: one app, with every function of the service."""

import os

from functions.bootstrap import build_app

app = build_app(os.environ)
