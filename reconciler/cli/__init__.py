"""The command line: commands, options, exit codes; prints what a renderer returns."""
