"""What files are: by their first bytes, by libmagic, by their names and by what is declared."""
