"""The steps from an empty database to the newest tables, one module each in `versions`, run by `storage.schema`.

A step is written once and never changed: it names plain column types and nothing of `storage.tables`, which moves on.
A test compares where the steps lead with the tables as they are.
"""
