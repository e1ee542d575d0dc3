"""The types and rules of each area: pure functions and values, without I/O and without a clock."""
