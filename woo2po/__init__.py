"""Moves WooCommerce orders into PowerOffice Go: once each, and to the øre."""
