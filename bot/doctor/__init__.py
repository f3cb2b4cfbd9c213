"""`daoshi doctor`: what is there, what is not right, and what to do about it. Changes nothing."""
