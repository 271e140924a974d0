"""
What is measured by calling postmarket's rooms directly, each in a process of its own.

`python -m bench.inside.<module> ARGUMENTS` prints one JSON object; the peak memory is read from outside. Building the
inputs is left out of the times: a module's docstring says what is inside them.
"""
