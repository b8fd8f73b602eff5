"""Settings of the test run: the demo's, blind to the shell's own variables, with what makes tests quick."""

import os

for _name in [name for name in os.environ if name.startswith("SLUICE_")]:
    del os.environ[_name]
os.environ["SLUICE_MODE"] = "demo"
os.environ["SLUICE_LOG_FORMAT"] = "console"

from portal.settings import *  # noqa: E402, F403 - the settings above, with the lines below changed

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
WHITENOISE_AUTOREFRESH = True  # static files are looked up when asked for, not scanned at each client's start
INSTALLED_APPS = [*INSTALLED_APPS, "tests.flushing"]  # noqa: F405 - tests that commit for real empty the database after
