"""Both remote systems in miniature, over HTTP on loopback: for the demo, the tests and trying by hand."""
