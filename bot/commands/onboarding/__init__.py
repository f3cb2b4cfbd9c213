"""`/onboard …`: checklists for people who are new in a community."""
