"""What changes a case. One action is one intention and one transaction."""
