"""Labels molecules with the shifts that the network of the package `csp5` predicts."""
