"""The estimated cost of a message for the organisation that runs the installation."""

from typing import Final

MICROCENTS_OF_MESSAGE: Final = 15_000
"""The cost in millionths of a euro cent: 150 euro for a million messages.

It is the cost in Azure at ten million messages a year, the mean of the two sets of parameters that
infra/costs computes. A busy installation pays a third of it, and an installation on one machine has
no price for a message.
"""
MICROCENTS_OF_ROW: Final = 14_000
"""The same of a row of a batch."""
