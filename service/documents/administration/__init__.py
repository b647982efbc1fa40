"""What the administration prints: permissions, the daily page of the audit trail."""
