"""The WSGI application: pages and API."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fuhui.config.settings")
application = get_wsgi_application()

# What was imported stays for the life of the process: the collector need not walk over it again for every page.
gc.collect()
gc.freeze()
