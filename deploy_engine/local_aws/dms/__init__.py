"""The local AWS Database Migration Service: its state, its operations, and the engine that moves it through time."""
