"""The one path of every question: claim, permission, quota, turn, reply, delivery, recovery."""
