"""Stored data for operators: dead letters, doubtful claims, sweeps of claims."""
