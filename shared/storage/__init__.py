"""Storage: one seam each for tables, queues and blobs, and one store for each thing that is kept."""
