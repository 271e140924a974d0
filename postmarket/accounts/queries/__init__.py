"""What pages ask about people and tokens; nothing here writes."""
