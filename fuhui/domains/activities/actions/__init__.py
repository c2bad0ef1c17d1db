"""What changes an activity. One action is one intention and one transaction."""
