"""Pure decisions of intake: no Django, no clock of their own."""
