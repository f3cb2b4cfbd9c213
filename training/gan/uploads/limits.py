"""How much an upload may hold, so that reading it takes bounded memory, space and time."""

MAX_FILES = 20_000
MAX_FILE_BYTES = 30 << 20
MAX_TOTAL_BYTES = 4 << 30
MAX_DIRECTORY_BYTES = 16 << 20  # of an archive's list of names
MAX_RATIO, HARMLESS_BYTES = 100, 1 << 20  # more unfolded than this is looked at for its ratio
MAX_PIXELS = 50_000_000
LEAST_SIDE = 8  # pixels
LEAST_PICTURES = 5  # of a thing
MAX_THINGS = 300
MAX_STYLES = 64
LONGEST_LABEL = 60
SIZE = 64  # of the pictures that are kept, in pixels
PICTURE_BYTES = SIZE * SIZE * 3
