"""The timer of the catalogue, once in each night."""

from functions.timers.contract import Timer

rebuild_catalog = Timer(
    name="rebuild_catalog",
    ncrontab="0 13 2 * * *",
    handler=lambda app: app.services.keep_catalog.rebuild(),
)

TIMERS = (rebuild_catalog,)
