"""Page components, tokens and words shared by all pages."""
