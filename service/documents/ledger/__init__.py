"""Documents of the ledger: bulletin, written report, assessment, archive, sheets."""
