"""``python -m fuhui.config.cli`` is the fuhui command."""

from fuhui.config.cli import main

if __name__ == "__main__":
    main()
