"""The timer of the schedule, every five minutes."""

from functions.timers.contract import Timer

dispatch_due = Timer(
    name="dispatch_due",
    # the interval is lib.repositories.scheduling.schedule.TICK
    ncrontab="0 */5 * * * *",
    handler=lambda app: app.scheduling.dispatch_due(),
)

TIMERS = (dispatch_due,)
