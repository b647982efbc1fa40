"""Records: what was done, what it says, and how a matter or a case is made of what was done."""
