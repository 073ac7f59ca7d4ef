"""The worker: handles what came in, sends what goes out, and does what is due."""
