"""What chat needs of fine-tuning: asking for runs, following them, reading their reports."""
