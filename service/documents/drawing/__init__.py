"""A document becomes a file: docx to edit, PDF to sign, sheets."""
