"""The shipped turn classifier: what a turn means, read with what was said before it."""
