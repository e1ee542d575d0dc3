"""Documents and queues in SQLite files: tables, queries, group commit, write-ahead logs."""
