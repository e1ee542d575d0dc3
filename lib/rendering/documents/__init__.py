"""The documents that a citizen downloads: pure functions from facts to bytes.

Cost: the libraries that draw them take a tenth of a second to load. Import `downloads`, which loads
each library at its first use.
"""
