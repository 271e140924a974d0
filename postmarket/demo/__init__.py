"""An example manufacturer: devices, SBOMs and a small bundle of real intelligence."""
