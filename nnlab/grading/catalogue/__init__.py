"""The specifications: one file a unit, one `Specification` for each function that its students write."""
