"""The engine process: owns the model, and talks to nobody but the socket's clients."""
