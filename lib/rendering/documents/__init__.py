"""What a citizen takes away, made: pure functions from facts to bytes, the text in Italian.

Their libraries take a tenth of a second to load, so whoever needs a module of this package
imports it when it is needed.
"""
