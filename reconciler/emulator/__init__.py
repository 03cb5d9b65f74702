"""A NetSuite in the box: a server that answers like NetSuite in what this tool and ordinary clients touch."""

__all__: list[str] = []
