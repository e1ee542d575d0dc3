"""Store delegations: those that an owner gave, the leads of delegates, and open offers."""
