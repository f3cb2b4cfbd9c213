"""What somebody new goes through: the tasks of a checklist."""
