"""Whether Sluice is able to work: its database, its broker, its worker, and the environments it looks after."""
