"""What the subcommands answer, as text and as JSON."""
