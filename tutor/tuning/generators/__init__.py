"""What chat needs of trained generators: the check of their pictures, and their report card."""
