"""The fronts that people talk to, the conversation, the worker, and the one place where all is put together."""
