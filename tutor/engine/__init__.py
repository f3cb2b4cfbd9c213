"""Text generation behind one contract; callers know `contract` alone."""
