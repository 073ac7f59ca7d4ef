"""The billing domain: what money, invoices and payments are, with nothing but the standard library."""
