"""
A second opinion: NVD walked naively, leaf by leaf, sharing no code with postmarket.

Written from the words of `docs/versions.md` and `docs/adr/0030-matching-policy.md`, not from the engine. It is slow,
plain and complete for one question only: which CVEs of an NVD feed does a device of CPE-named components match, and
how surely. Nothing here may import postmarket; only the tests that compare the two import both.
"""
