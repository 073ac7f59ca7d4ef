"""What Bolt hears, one file for each kind; each listener stores a row and does nothing else."""
