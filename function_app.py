"""The Azure Functions app: settings to container to triggers."""

import azure.functions as func

from functions import BLUEPRINTS, BODY_LIMITS
from lib.composition.container import build_container
from lib.composition.settings import read_settings

__all__ = ["BODY_LIMITS", "CONTAINER", "app"]

CONTAINER = build_container(read_settings())

app = func.FunctionApp()
for blueprint in BLUEPRINTS:
    blueprint.register(app, CONTAINER)
