"""
Finds the parts of messages by other means than the server: the outermost multipart first, by searching for its
delimiters, with Python's reader of headers. Reads paths from its input, a line each; writes JSON: of each path the
sections of the message (RFC 9051 6.4.5.1) with the octets of each, their hash, and where a part is encoded the hash of
what Python decodes.
"""

import base64
import binascii
import hashlib
import json
import quopri
import re
import sys
from email.parser import BytesHeaderParser

NESTED = ("message/rfc822", "message/global")
IDENTITY = ("7bit", "8bit", "binary")


def canonical(raw):
    return re.sub(rb"\r\n|\r|\n", b"\r\n", raw)


def split(entity):
    """Header, with its empty line, and body."""
    if entity.startswith(b"\r\n"):
        return entity[:2], entity[2:]
    at = entity.find(b"\r\n\r\n")
    return (entity, b"") if at == -1 else (entity[: at + 4], entity[at + 4 :])


def described(header, default):
    message = BytesHeaderParser().parsebytes(header)
    message.set_default_type(default)
    encoding = re.sub(r"\(.*?\)", "", str(message.get("content-transfer-encoding", ""))).strip().lower()
    boundary = message.get_boundary()
    kind = message.get_content_type()
    return kind, boundary and boundary.encode("utf-8", "surrogateescape"), encoding or "7bit"


def bodies(body, boundary):
    """What is between the delimiters of a multipart (RFC 2046 5.1.1)."""
    delimiter = re.compile(rb"(?:\r\n|\A)--" + re.escape(boundary) + rb"(--)?[ \t]*(?:\r\n|\Z)")
    found = []
    start = None
    at = 0
    while True:
        match = delimiter.search(body, at)
        if start is not None:
            end = match.start() if match else len(body)
            found.append(body[start : max(end, start)])
        if not match or match.group(1):
            return found
        # The line end of a delimiter may be that before the next one.
        start = match.end()
        at = start - 2 if body[start - 2 : start] == b"\r\n" else start


def describe(octets, decoded=None):
    """A literal holds no NUL (RFC 9051 9, CHAR8)."""
    octets = octets.replace(b"\0", b"\x80")
    digest = lambda some: hashlib.sha256(some).hexdigest()
    return {"length": len(octets), "hash": digest(octets), "decoded": None if decoded is None else digest(decoded)}


def decode(body, encoding):
    if encoding == "quoted-printable":
        return quopri.decodestring(body)
    if encoding == "base64":
        try:
            return base64.b64decode(re.sub(rb"\s+", b"", body), validate=True)
        except binascii.Error:
            return None
    return None


def part(sections, number, entity, default):
    header, body = split(entity)
    kind, boundary, encoding = described(header, default)
    sections[number] = describe(body, None if boundary else decode(body, encoding))
    sections[number + ".MIME"] = describe(header)
    if kind.startswith("multipart/"):
        children(sections, number, body, kind, boundary)
    elif kind in NESTED and encoding in IDENTITY and body:
        message(sections, number, body)


def children(sections, number, body, kind, boundary):
    default = "message/rfc822" if kind == "multipart/digest" else "text/plain"
    for index, child in enumerate(bodies(body, boundary) if boundary else []):
        part(sections, f"{number}.{index + 1}".lstrip("."), child, default)


def message(sections, number, octets):
    """A message, or the one in a part of that number."""
    prefix = number + "." if number else ""
    header, body = split(octets)
    if not number:
        sections[""] = describe(octets)
    sections[prefix + "HEADER"] = describe(header)
    sections[prefix + "TEXT"] = describe(body)
    kind, boundary, _ = described(header, "text/plain")
    if kind.startswith("multipart/"):
        children(sections, number, body, kind, boundary)
    else:
        part(sections, prefix + "1", octets, "text/plain")


sys.setrecursionlimit(10_000)
found = {}
for path in sys.stdin.read().splitlines():
    with open(path, "rb") as file:
        found[path] = {}
        message(found[path], "", canonical(file.read()))
json.dump(found, sys.stdout)
