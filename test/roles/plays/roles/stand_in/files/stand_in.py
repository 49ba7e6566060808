"""Serves /srv over https."""
import functools
import http.server
import ssl

handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory="/srv")
server = http.server.ThreadingHTTPServer(("127.0.0.1", 443), handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("/etc/ssl/private/stand-in.pem")
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
