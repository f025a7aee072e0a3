"""Archives, opened entry by entry and never unpacked to anywhere."""
