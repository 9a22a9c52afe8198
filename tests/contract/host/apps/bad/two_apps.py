"""Two function apps in one module."""

import azure.functions as func

app = func.FunctionApp()
other = func.FunctionApp()
