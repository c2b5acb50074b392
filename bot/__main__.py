"""The command line: demo, run, init, doctor, migrate, backup, restore, rotate-keys, healthcheck."""

import sys


def main() -> int:
    print("pailot: not assembled yet", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
