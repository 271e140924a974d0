"""Where allauth's sign-in meets our people, lock-out and trail."""
