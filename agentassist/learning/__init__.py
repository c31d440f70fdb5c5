"""Rules that learn: an edit tried on calls that were had, and moments made into examples."""
