"""The parts of the web page: what it remembers of a conversation, and how it renders it."""
