"""The engine's command line (docs/command-line.md): every command is one small file with its arguments and its run."""
