"""Find, read and classify collections of images of any size, and write their records."""
