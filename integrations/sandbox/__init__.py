"""Stand-ins that run on this machine: real servers, spoken to over the real protocols."""
