"""A local Stripe: the REST API, a hosted checkout page and signed webhooks, for demos, dry runs and tests.

It is driven by the published interface (`schema.json`), so it refuses what Stripe would refuse. No money moves.
"""
