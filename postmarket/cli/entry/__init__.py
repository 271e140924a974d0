"""
The program: one file a group of commands, and one place where errors are printed.

Each command says here what it takes; its body (`postmarket.cli.<command>`) is imported only when it is called, since a
cold start is part of every answer.
"""
