"""What is written down about the program, made of its own tables: 'make docs'."""
