"""How the tutor teaches: what a message means, the one move that follows, and what may be said."""
