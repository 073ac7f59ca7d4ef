"""What Evie can do: one module a skill, and the one door through which every front reaches them."""
