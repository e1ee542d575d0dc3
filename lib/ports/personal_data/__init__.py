"""The ways in which the data of one citizen leaves the store."""
