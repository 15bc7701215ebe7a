"""Generated parts of the documentation: what the code itself states about its interfaces."""
