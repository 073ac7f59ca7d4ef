"""`python -m bot` is `evie`."""

from bot.cli import main

if __name__ == "__main__":
    main()
