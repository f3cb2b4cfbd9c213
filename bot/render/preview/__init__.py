"""Draws what people see in Discord and Slack, from the payloads that the adapters send.

For documentation and for looking at a reply without a platform: close to the real clients, and no
copy of them.
"""
