"""Reads the YAML files of a repository and says everything that is wrong with them."""
