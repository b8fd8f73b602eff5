"""The tests mirror the code: one folder per package, journeys and browser tests beside them."""
