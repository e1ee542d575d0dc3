"""The OpenAPI document, built from the endpoints' declarations."""
