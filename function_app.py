"""The Azure Functions app: settings to use cases to triggers."""

import gc

# an import leaves little garbage: to look for it takes a tenth of the start
gc.disable()

import azure.functions as func

from functions import index
from functions.index import AT_ONCE, BODY_LIMITS, PRIORITY_FUNCTIONS
from lib.composition.app import build_app
from lib.composition.settings import read_settings

__all__ = ["AT_ONCE", "BODY_LIMITS", "PRIORITY_FUNCTIONS", "RECAPITO", "app"]

RECAPITO = build_app(read_settings())

app = func.FunctionApp()
index.register(app, RECAPITO)

# what was loaded stays: later collections can skip it
gc.freeze()
gc.enable()
