"""What of this node can be reached from outside."""
