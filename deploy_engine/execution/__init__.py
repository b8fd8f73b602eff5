"""Deployments as a journalled state machine, advanced in short ticks: observe, decide, at most one mutating call."""
