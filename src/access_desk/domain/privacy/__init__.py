"""Who may see a record, who saw it, what is said about a patient, and to whom it was disclosed."""
