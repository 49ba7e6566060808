"""Pages that the load program asks of a Plone site: one that takes its time, one that tells what it was sent, one that tells who answers."""
import hashlib
import os
import time

from App.config import getConfiguration
from Products.Five.browser import BrowserView
from ZPublisher.Iterators import IUnboundStreamIterator
from zope.interface import implementer

PIECE = b"." * 1023 + b"\n"


@implementer(IUnboundStreamIterator)
class Pieces:
    """So many pieces over so many seconds, then a last line by which a cut answer is told from a whole one."""

    def __init__(self, pieces, seconds):
        self.left = pieces
        self.pause = seconds / pieces

    def __iter__(self):
        return self

    def __next__(self):
        if self.left < 0:
            raise StopIteration
        self.left -= 1
        if self.left < 0:
            return b"whole\n"
        if self.pause:
            time.sleep(self.pause)
        return PIECE


class Slow(BrowserView):
    """/load-slow?seconds=20&kb=40 keeps a thread of the Zope busy while it is sent."""

    def __call__(self, seconds="20", kb="40"):
        response = self.request.response
        response.setHeader("Content-Type", "application/octet-stream")
        response.setHeader("Cache-Control", "private, no-store")
        response.setBody(Pieces(int(kb), float(seconds)))
        return response


class Echo(BrowserView):
    """/load-echo answers a POST with the SHA-256 of its body."""

    def __call__(self):
        self.request.response.setHeader("Content-Type", "text/plain")
        return hashlib.sha256(self.request.get("BODY", b"")).hexdigest() + "\nwhole\n"


class Which(BrowserView):
    """/load-zope answers with the name of the Zope."""

    def __call__(self):
        self.request.response.setHeader("Content-Type", "text/plain")
        self.request.response.setHeader("Cache-Control", "private, no-store")
        return os.path.basename(getConfiguration().clienthome)
