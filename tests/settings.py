"""The site's settings under test: a home for each process; the database of `DATABASE_URL`, else a SQLite file in it."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "PYTEST_CURRENT_TEST" not in os.environ:  # a program that a test starts has the home the test gave it
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        os.environ["POSTMARKET_HOME"] = str(Path(os.environ["POSTMARKET_HOME"]) / worker)
    else:
        os.environ["POSTMARKET_HOME"] = tempfile.mkdtemp(prefix="postmarket-tests-")
        atexit.register(shutil.rmtree, os.environ["POSTMARKET_HOME"], ignore_errors=True)

from postmarket.config.settings import *  # noqa: F403
from postmarket.config.settings import DATABASES, INSTALLED_APPS

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # a file, not memory: several connections look at it, as at work
    DATABASES["default"]["TEST"] = {"NAME": str(Path(os.environ["POSTMARKET_HOME"]) / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # tests sign in often
INSTALLED_APPS += ["tests.records.flushing"]  # tests with real commits empty the database, records too
LIVING_PAGE = True
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False  # everybody in the tests comes from one address
