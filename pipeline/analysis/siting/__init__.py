"""What to change next: the best choice from a menu of changes under a budget, with proof of how good it is."""
