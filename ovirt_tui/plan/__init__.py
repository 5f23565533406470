"""What will be done: statements about a system, in order, and the one loop that makes them true."""
