"""Data to text; pure, without decisions, and called by the command line only."""
