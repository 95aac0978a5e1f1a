"""Many figures judged at once: what may be listed, and which places in an order are certain."""
