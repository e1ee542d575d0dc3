"""`python -m recapito`: the command line."""

from recapito.cli.main import run

run()
