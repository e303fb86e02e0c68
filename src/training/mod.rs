//! Training: datasets, losses, loops and checkpoints.
