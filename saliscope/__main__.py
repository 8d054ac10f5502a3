"""`python -m saliscope`: without arguments the window, else the command line."""

import sys

from app.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
