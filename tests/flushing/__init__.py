"""An app of the test run only: its `flush` may empty tables whose rows are otherwise kept for ever."""
