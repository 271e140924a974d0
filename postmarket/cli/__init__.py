"""One thin command per verb."""


def main() -> None:
    """Run the command line."""
    raise NotImplementedError
