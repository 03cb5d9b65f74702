"""The one place where real adapters are made; in two modules, so that looking at files does not load the network."""
