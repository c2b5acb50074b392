"""The page on which a text file is edited."""
