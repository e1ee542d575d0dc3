"""The declarations of all containers, by area: tables, Cosmos containers and Bicep follow."""
