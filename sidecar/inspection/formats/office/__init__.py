"""Documents of office programs: packages, compound files, flat XML, and text that spreadsheets open."""
