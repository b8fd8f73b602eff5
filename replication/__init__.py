"""The domain of Sluice: who owns what, what was proposed, accepted and deployed, and who said so."""
