"""The side services, which moto provides, and the few things that are asked of them from inside."""
