"""Word of what happened, by e-mail and webhook: what a message says, and sending it."""
