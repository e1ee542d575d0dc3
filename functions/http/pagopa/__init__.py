"""The API of pagoPA's side."""
