"""Moves WooCommerce orders into PowerOffice Go: once each, and to the øre."""

__version__ = "0.1.0"
