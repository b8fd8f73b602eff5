"""Whether Sluice is able to work: database, broker, worker and watchdog, and the environments that it looks after."""
