"""The WSGI application: pages and API."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fuhui.config.settings")
application = get_wsgi_application()

# What was imported stays for the life of the process: the collector need not walk over it again for every page.
gc.collect()
gc.freeze()
# A request makes some thousand objects that die with it; the collector looks for cycles after several, not within one.
gc.set_threshold(25_000, 20, 50)
