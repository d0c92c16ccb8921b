"""The program ``autograder``: kept light, because every worker process reads it once more."""

import sys

from autograder.grading.workers import start_server

NEED_WORKERS = ("grade", "regrade", "demo")


def main() -> None:
    """Run the command line; what workers import, they import while this process does its own."""
    if sys.argv[1:2] and sys.argv[1] in NEED_WORKERS:
        start_server()
    from autograder.cli import app

    app()


if __name__ == "__main__":
    main()
