"""Cases: one per vulnerability or report, over all devices hit: states, owner, start events, clocks."""
