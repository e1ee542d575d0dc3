"""A near-free stand-in for the Azure services: their REST interfaces, as far as the app uses them.

The bench of the Azure stack measures the app's own cost, so the services must cost next to nothing.
The stand-in keeps all in memory, checks no signature, and expires nothing.
"""
