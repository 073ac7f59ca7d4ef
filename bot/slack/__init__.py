"""Slack as a front: what comes in becomes inbox rows, what goes out comes from the outbox."""
