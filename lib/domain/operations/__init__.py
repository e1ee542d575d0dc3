"""Types of the operator's side: dead letters, what was left behind, doubtful claims."""
