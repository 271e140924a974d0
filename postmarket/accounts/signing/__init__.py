"""The signing ceremony (21 CFR 11.50, 11.200): show, authenticate afresh, sign exactly what was shown."""
