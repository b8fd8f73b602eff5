"""One small pure function per state: what to do next, given what is remembered and what AWS shows."""
