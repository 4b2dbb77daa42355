"""HTTP as both clients need it: spacing of requests, safe repeats, errors by what can be done."""
