"""A trace → tables and plots."""
