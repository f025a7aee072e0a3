"""The clients: how they connect, how many may, and one exchange's side towards them."""
