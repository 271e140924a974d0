"""Makes the files of others that the site serves, from pinned npm packages (`make assets`); no Node, no CDN."""
