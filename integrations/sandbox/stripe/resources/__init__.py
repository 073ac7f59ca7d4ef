"""The kinds of object that the sandbox serves: how each is made, and which operations it answers."""
