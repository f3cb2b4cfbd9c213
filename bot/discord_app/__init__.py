"""Discord: turns its events into Questions and Drafts into its messages. Decides no content."""
