"""
SSVC trees as data, one row per combination of decision points.

From the repository CERTCC/SSVC, folder data/csv (read at 5513459 and 0eb5b78); reference §6.1:

- CISA coordinator tree 2.0.3: cisa/cisa_coordinator_2_0_3.csv
- supplier tree 1.0.0: ssvc/supplier_patch_development_priority_1_0_0.csv
- utility 1.0.1: ssvc/utility_1_0_0.csv
"""

from __future__ import annotations

POINTS = {
    "exploitation": ("none", "public poc", "active"),
    "automatable": ("no", "yes"),
    "technical impact": ("partial", "total"),
    "mission": ("low", "medium", "high"),
    "utility": ("laborious", "efficient", "super effective"),
    "public safety impact": ("minimal", "significant"),
    "value density": ("diffuse", "concentrated"),
}
"""Each decision point with its values, from least to most pressing."""

CISA_COORDINATOR = "CISA coordinator 2.0.3"
CISA_COORDINATOR_POINTS = ("exploitation", "automatable", "technical impact", "mission")
CISA_COORDINATOR_ROWS = """
none       | no  | partial | track  | track  | track
none       | no  | total   | track  | track  | track*
none       | yes | partial | track  | track  | attend
none       | yes | total   | track  | track  | attend
public poc | no  | partial | track  | track  | track*
public poc | no  | total   | track  | track* | attend
public poc | yes | partial | track  | track  | attend
public poc | yes | total   | track  | track* | attend
active     | no  | partial | track  | track  | attend
active     | no  | total   | track  | attend | act
active     | yes | partial | attend | attend | act
active     | yes | total   | attend | act    | act
"""
"""Exploitation, automatable, technical impact, then the outcome for mission low, medium and high."""

SUPPLIER = "SSVC supplier 1.0.0"
SUPPLIER_POINTS = ("exploitation", "utility", "technical impact", "public safety impact")
SUPPLIER_ROWS = """
none       | laborious       | partial | defer        | scheduled
none       | laborious       | total   | scheduled    | out-of-cycle
none       | efficient       | partial | scheduled    | out-of-cycle
none       | efficient       | total   | scheduled    | out-of-cycle
none       | super effective | partial | scheduled    | out-of-cycle
none       | super effective | total   | out-of-cycle | out-of-cycle
public poc | laborious       | partial | scheduled    | out-of-cycle
public poc | laborious       | total   | scheduled    | immediate
public poc | efficient       | partial | scheduled    | immediate
public poc | efficient       | total   | out-of-cycle | immediate
public poc | super effective | partial | out-of-cycle | immediate
public poc | super effective | total   | out-of-cycle | immediate
active     | laborious       | partial | out-of-cycle | immediate
active     | laborious       | total   | out-of-cycle | immediate
active     | efficient       | partial | out-of-cycle | immediate
active     | efficient       | total   | out-of-cycle | immediate
active     | super effective | partial | immediate    | immediate
active     | super effective | total   | immediate    | immediate
"""
"""Exploitation, utility, technical impact, then the outcome for public safety impact minimal and significant."""

UTILITY = "SSVC utility 1.0.1"
UTILITY_ROWS = {
    ("no", "diffuse"): "laborious",
    ("no", "concentrated"): "efficient",
    ("yes", "diffuse"): "efficient",
    ("yes", "concentrated"): "super effective",
}
"""Automatable and value density to utility."""
