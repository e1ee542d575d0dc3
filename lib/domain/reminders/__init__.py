"""Rules of reminders: policies, plans, working days, the decision on a due reminder."""
