"""Text generation. Callers know `contract` alone; `connect` gives them an engine that fulfils it."""
