"""Actions of vouchers: authenticate their callers, and check what callers sign beside them."""
