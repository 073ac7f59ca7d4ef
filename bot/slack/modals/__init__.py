"""Forms in windows of their own, for people who would rather click than write."""
