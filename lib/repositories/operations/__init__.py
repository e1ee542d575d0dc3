"""What operators look after: dead letters, doubtful claims, lost queue items."""
