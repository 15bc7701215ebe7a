"""How good models are: answers against the truth, with the doubt that a finite test leaves."""
