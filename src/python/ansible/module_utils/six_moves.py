"""What of six.moves modules import."""
import builtins
import configparser
import http.client as http_client
import http.cookiejar as http_cookiejar
import pickle as cPickle
import queue
import urllib.parse as urllib_parse
from functools import reduce
from io import StringIO as cStringIO, StringIO
from itertools import filterfalse, zip_longest
from shlex import quote as shlex_quote

filter, input, map, range, xrange, zip = filter, input, map, range, range, zip
