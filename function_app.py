"""The Azure Functions app: settings to use cases to triggers."""

import azure.functions as func

from functions import BLUEPRINTS, BODY_LIMITS, PRIORITY_FUNCTIONS
from lib.composition.app import build_app
from lib.composition.settings import read_settings

__all__ = ["BODY_LIMITS", "PRIORITY_FUNCTIONS", "RECAPITO", "app"]

RECAPITO = build_app(read_settings())

app = func.FunctionApp()
for blueprint in BLUEPRINTS:
    blueprint.register(app, RECAPITO)
