"""Learning, from sentences of people, to which skill a message leans; for those who develop Evie."""
