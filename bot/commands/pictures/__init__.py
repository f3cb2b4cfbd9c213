"""Pictures on request, and whose work they are drawn from."""
