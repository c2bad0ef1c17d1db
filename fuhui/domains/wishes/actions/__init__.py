"""What changes a wish. One action is one intention and one transaction."""
