"""The chat in the terminal: what Slack is for a team, on one machine."""
