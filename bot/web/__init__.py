"""What a browser, Stripe and a monitor see of this installation."""
