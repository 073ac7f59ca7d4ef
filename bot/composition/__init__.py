"""The composition root's rooms: each puts one part of the application together from concrete classes."""
