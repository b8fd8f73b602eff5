"""Killing real processes of a running Sluice at random moments, and proving afterwards that nothing was lost."""
