"""Cases (诉求): what residents ask for, from the first word to the call-back."""
