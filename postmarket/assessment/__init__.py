"""Assessment: how an exploit reaches a patient, controlled or not, signed by two leads."""
