"""Documents other parties write and read: VEX in, CycloneDX VDR out."""
