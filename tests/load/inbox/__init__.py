"""Measures one large inbox: list, filters, counters and searches."""
