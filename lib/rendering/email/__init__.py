"""E-mails as citizens get them: what they say, how they look, and the links in them.

The libraries take a tenth of a second to load, so `letter` is imported when it is needed.
"""
