"""Reading an administrator's pictures: an archive or a folder in, a set with its check out."""
