"""
Keeping the projection of findings with the store: what hits each identity, how it ranks, what each version changes.

Every step is a short transaction that can be done again: what a killed run left is found and finished by the next.
"""
