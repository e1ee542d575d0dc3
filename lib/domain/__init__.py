"""Types and rules of each area: pure, without technology, without a clock."""
