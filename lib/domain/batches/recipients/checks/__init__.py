"""The rules of a row: its columns, values, payment, and rows that come twice."""
