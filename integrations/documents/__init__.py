"""Invoices and statements on paper: PDF/A pages set by typst, with the invoice as EN 16931 data inside."""
