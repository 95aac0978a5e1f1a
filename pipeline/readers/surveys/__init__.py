"""How survey platforms write their exports."""
