"""What the web server runs."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from postmarket.config.settling import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "postmarket.config.settings")
application = get_wsgi_application()
settle()
