"""Invoices by e-mail: what the client reads, and the SMTP server that takes it."""
