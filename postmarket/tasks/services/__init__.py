"""The only places that write the queue; each function is one short transaction, or a part of its caller's."""
