"""How somebody gets on: feedback, progress in pictures, and goals. For the learner alone."""
