"""A backend that answers what its url asks for, in place of Zopes: backend.py PORT

/any/path?status=404&type=text/css&cache=max-age%3D60&cookie=a%3Db&vary=X&sleep=1 (all may be left out)
The answer is JSON: the path, method and headers of the request, and how many requests there were before it.
"""
import itertools
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

counter = itertools.count()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        query = parse_qs(urlsplit(self.path).query)
        asked = {name: values[0] for name, values in query.items()}
        time.sleep(float(asked.get("sleep", 0)))
        seen = {
            "path": self.path,
            "method": self.command,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "before": next(counter),
        }
        body = json.dumps(seen).encode()
        self.send_response(int(asked.get("status", 200)))
        self.send_header("Content-Type", asked.get("type", "text/html; charset=utf-8"))
        self.send_header("Content-Length", str(len(body)))
        for option, header in (("cache", "Cache-Control"), ("cookie", "Set-Cookie"), ("vary", "Vary")):
            if option in asked:
                self.send_header(header, asked[option])
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PROPFIND = answer

    def log_message(self, *args):
        pass


class Server(ThreadingHTTPServer):
    request_queue_size = 128


Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
