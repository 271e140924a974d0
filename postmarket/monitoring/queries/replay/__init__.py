"""What the worklist was on a day, matched anew from what is kept: SBOMs, feeds, aliases, VEX (DESIGN §6, as-of)."""
