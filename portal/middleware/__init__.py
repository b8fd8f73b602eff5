"""What happens to every request before a view and after it."""
