"""Chat: pasted and uploaded group messages become cases."""
