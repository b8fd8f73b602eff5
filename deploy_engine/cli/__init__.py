"""The engine's command line (design.md section 11): every command is one small file with its arguments and its run."""
