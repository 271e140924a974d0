"""postmarket: what a medical device manufacturer runs after a device is on the market."""

__version__ = "0.1.0"
