"""Read CycloneDX and SPDX into one Bom; check its quality; tell two apart."""
