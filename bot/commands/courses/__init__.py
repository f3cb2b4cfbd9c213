"""`/course …`: finding, joining, making and looking after courses."""
