"""
One file per scheme: how its versions are written and ordered, as a byte key.

Each has `key(text) -> bytes | None`: `text` is ASCII, stripped and at most 512 characters (the door, `keys.key`,
sees to it); None when it is no version of the scheme.
"""
