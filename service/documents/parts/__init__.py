"""What documents consist of: lines, tables, charts, sheets."""
