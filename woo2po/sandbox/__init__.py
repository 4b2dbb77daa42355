"""Both remote systems in miniature, over HTTP on loopback: for demo, tests and trying by hand."""
