"""CVSS 2, 3 and 4, SSVC, and how exploitable a vulnerability is."""
