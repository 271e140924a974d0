"""Settings, URLs and the web server's entry point: where the rooms become one site."""
