"""What comes in and what goes out: tables, OA, mail, packages, exports, to-do lists."""
