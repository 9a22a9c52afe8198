"""What Azure Functions runs: one app, with every function of the service."""

import os

from functions.index import index

app = index(os.environ)
