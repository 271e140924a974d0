"""Decide once: an answer is proposed to every version with the same component, and signed for each."""
