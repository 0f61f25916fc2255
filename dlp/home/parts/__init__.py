"""The content of each page, gathered in few queries; views choose and render."""
