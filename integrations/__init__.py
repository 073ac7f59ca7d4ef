"""The services outside: Stripe, mail, and the local stand-ins for them."""
