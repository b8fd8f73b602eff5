"""Looking into source databases with their catalogue secrets: which hosts may be, and what they say of themselves."""
