"""The recipients of a batch: a file of rows is read in constant memory, and each row is checked."""
