"""The studio of `evie demo`: a small business with its clients, deals and invoices."""
