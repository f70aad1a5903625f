"""Where travel times come from: the pure parts. Asking a server stands outside the engine."""
