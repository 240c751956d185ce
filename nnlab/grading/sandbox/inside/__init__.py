"""The half of the grader that lives in the sandbox: standard library and NumPy only, since nothing else is there."""
