"""The trusted checks, one module an assignment; never mounted where student code runs."""
