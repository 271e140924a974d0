"""Pure decisions of assessment: no Django, no clock of their own."""
