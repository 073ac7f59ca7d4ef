"""From what somebody said to the calls it means and the reply they get."""
