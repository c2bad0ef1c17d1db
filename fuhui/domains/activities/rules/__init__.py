"""Pure rules of activities: what may be planned, and what a sign-up is."""
