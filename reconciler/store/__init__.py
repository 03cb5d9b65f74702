"""The only room that keeps files or objects."""
