"""Rules of statistics: the events that are counted, and the counts that are withheld."""
