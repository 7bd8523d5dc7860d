"""Labelled companies and orders from a seed: `generate` writes a dataset folder of papers with the right answers beside them.

The answers come from what the generator put into a paper, never from Signoff's own reading or checks.
"""
