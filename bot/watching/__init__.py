"""What an installation tells of itself: log lines, numbers for a monitor, and traces, from one place."""
