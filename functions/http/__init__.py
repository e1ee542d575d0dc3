"""The endpoints of the HTTP API, by caller, in the order of the OpenAPI document."""
