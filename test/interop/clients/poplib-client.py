"""Drives Python's poplib: all that it can say to a server. Prints each message in base64, one a line."""

import base64
import poplib
import ssl
import sys

host, port, tls, user, password, ca_file, removes = sys.argv[1:]
context = ssl.create_default_context(cafile=ca_file)


def connect():
    if tls == 'implicit':
        client = poplib.POP3_SSL(host, int(port), context=context, timeout=20)
    else:
        client = poplib.POP3(host, int(port), timeout=20)
    assert client.getwelcome().startswith(b'+OK')
    if tls == 'starttls':
        assert 'STLS' in client.capa()
        client.stls(context=context)
        assert 'STLS' not in client.capa()
    return client


def is_refused(function, *arguments):
    try:
        function(*arguments)
    except poplib.error_proto as error:
        assert error.args[0].startswith(b'-ERR'), error
        return True
    return False


client = connect()
assert is_refused(client.stat)
client.apop(user, password)
client.quit()

client = connect()
capabilities = client.capa()
for name in ['TOP', 'UIDL', 'USER', 'SASL', 'RESP-CODES', 'PIPELINING']:
    assert name in capabilities, (name, capabilities)
assert {'PLAIN', 'LOGIN'} <= set(capabilities['SASL']), capabilities
client.user(user)
client.pass_(password)
count, total = client.stat()
sizes = [int(line.split()[1]) for line in client.list()[1]]
uids = [line.split()[1] for line in client.uidl()[1]]
assert len(sizes) == len(uids) == len(set(uids)) == count
assert sum(sizes) == total

for number in range(1, count + 1):
    assert client.list(number).split() == b'+OK %d %d'.__mod__((number, sizes[number - 1])).split()
    assert client.uidl(number).split() == b'+OK %d %s'.__mod__((number, uids[number - 1])).split()
    message = b''.join(line + b'\r\n' for line in client.retr(number)[1])
    # A last line without an end was given one on the way.
    assert len(message) - sizes[number - 1] in (0, 2), (len(message), sizes[number - 1])
    header = message.split(b'\r\n\r\n')[0].split(b'\r\n')
    body = message.split(b'\r\n')[len(header) + 1 : -1]
    assert client.top(number, 0)[1] == header + [b''], number
    assert client.top(number, 2)[1] == header + [b''] + body[:2], number
    print(base64.b64encode(message).decode())

assert is_refused(client.retr, count + 1)
assert is_refused(client.dele, 0)
client.noop()
if count > 0:
    client.dele(1)
    assert is_refused(client.retr, 1)
    assert is_refused(client.dele, 1)
    assert client.stat() == (count - 1, total - sizes[0])
    client.rset()
    assert client.stat() == (count, total)
if removes == 'True':
    for number in range(1, count + 1):
        client.dele(number)
client.quit()
