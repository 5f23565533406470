"""One module for each subcommand, and what they share: only that of the one that is run is loaded."""
