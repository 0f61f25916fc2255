"""What each page shows, gathered in few queries; views only choose and render."""
