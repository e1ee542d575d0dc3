"""`make contract`: holds a running host against any OpenAPI document."""
