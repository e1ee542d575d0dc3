"""The endpoint by which citizens read their access log."""
