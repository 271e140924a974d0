"""Names that mean the same product: the built-in table and the firm's own."""

from postmarket.matching.aliases.table import AliasTable, builtin, one_entry, read

__all__ = ["AliasTable", "builtin", "one_entry", "read"]
