"""Timer triggers, by area."""

from functions.timers import operations, scheduling
from functions.timers.contract import Timer

TIMERS: tuple[Timer, ...] = (*scheduling.TIMERS, *operations.TIMERS)
