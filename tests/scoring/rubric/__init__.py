"""The rubric's questions."""
