"""Rules of statistics: which events are counted, and which counts are withheld."""
