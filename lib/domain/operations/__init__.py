"""Types for operators: dead letters and their errors."""
