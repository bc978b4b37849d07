"""Drives Python's imaplib: every command that it has and that needs no rights or quota. Ends with 0 when all is well.

The INBOX has three messages: subjects one, two, three; the second has an attachment.
"""

import imaplib
import re
import ssl
import sys

host, port, tls, user, password, ca_file = sys.argv[1:]
context = ssl.create_default_context(cafile=ca_file)


def connect():
    if tls == 'implicit':
        return imaplib.IMAP4_SSL(host, int(port), ssl_context=context, timeout=20)
    client = imaplib.IMAP4(host, int(port), timeout=20)
    if tls == 'starttls':
        assert 'STARTTLS' in client.capabilities
        assert client.starttls(context)[0] == 'OK'
        assert 'STARTTLS' not in client.capabilities, client.capabilities
    return client


def ok(answer):
    status, data = answer
    assert status == 'OK', answer
    return data


def no(answer):
    assert answer[0] == 'NO', answer
    return answer[1]


def is_refused(function, *arguments):
    try:
        function(*arguments)
    except imaplib.IMAP4.error:
        return True
    return False


def flags(client, which):
    return set(imaplib.ParseFlags(ok(client.fetch(which, '(FLAGS)'))[0]))


# Each way of logging in.
client = connect()
ok(client.login_cram_md5(user, password))
client.logout()
client = connect()
ok(client.authenticate('PLAIN', lambda challenge: b'\0' + user.encode() + b'\0' + password.encode()))
client.logout()
client = connect()
assert client.welcome.startswith(b'* OK')
for name in ['IMAP4REV1', 'AUTH=PLAIN', 'IDLE', 'LITERAL+', 'SASL-IR']:
    assert name in client.capabilities, (name, client.capabilities)
assert is_refused(client.authenticate, 'NOSUCH', lambda challenge: b'')
ok(client.login(user, password))
assert 'UIDPLUS' in ok(client.capability())[0].decode().upper().split()

with connect() as client:
    ok(client.login(user, password))
    ok(client.noop())
    ok(client.namespace())
    ok(client.enable('CONDSTORE'))

    # Mailboxes.
    ok(client.create('Work'))
    ok(client.create('Work/Sub'))
    no(client.create('Work'))
    ok(client.create('"B&APw-cher"'))
    listed = b'\n'.join(ok(client.list()))
    for name in [b'INBOX', b'Sent', b'Work', b'Work/Sub', b'B&APw-cher']:
        assert re.search(rb'"?%s"?$' % re.escape(name), listed, re.M), (name, listed)
    assert len(ok(client.list('Work', '%'))) == 1
    ok(client.subscribe('Work'))
    assert b'Work' in b'\n'.join(ok(client.lsub()))
    ok(client.unsubscribe('Work'))
    assert not re.search(rb'Work"?$', b'\n'.join(x for x in ok(client.lsub()) if x), re.M)
    ok(client.rename('Work/Sub', 'Moved'))
    no(client.rename('Nowhere', 'Other'))
    no(client.delete('Nowhere'))
    ok(client.delete('"B&APw-cher"'))
    no(client.select('Nowhere'))
    status = ok(client.status('INBOX', '(MESSAGES UIDNEXT UIDVALIDITY UNSEEN RECENT)'))[0].decode()
    assert re.search(r'MESSAGES 3\b', status), status

    # Reading.
    assert ok(client.select('INBOX')) == [b'3']
    assert client.response('UIDVALIDITY')[1][0] is not None
    client.recent()
    header = ok(client.fetch('1', '(RFC822.HEADER)'))[0][1]
    assert b'Subject: one\r\n' in header and header.endswith(b'\r\n\r\n')
    assert '\\Seen' not in str(flags(client, '1'))
    whole = ok(client.fetch('1', '(RFC822)'))[0][1]
    assert whole.startswith(header)
    assert b'\\Seen' in flags(client, '1')
    text = ok(client.fetch('1', '(BODY.PEEK[TEXT])'))[0][1]
    assert header + text == whole
    assert ok(client.fetch('1', '(BODY.PEEK[]<0.10>)'))[0][1] == whole[:10]
    size = int(re.search(rb'RFC822.SIZE (\d+)', ok(client.fetch('1', '(RFC822.SIZE)'))[0]).group(1))
    assert size == len(whole)
    fields = ok(client.fetch('1:3', '(BODY.PEEK[HEADER.FIELDS (SUBJECT)])'))
    subjects = [item[1].strip() for item in fields if isinstance(item, tuple)]
    assert subjects == [b'Subject: one', b'Subject: two', b'Subject: three'], subjects
    structure = str(ok(client.fetch('2', '(BODYSTRUCTURE ENVELOPE)'))).upper()
    for word in ['MIXED', 'TEXT', 'PLAIN', 'OCTET-STREAM', 'BASE64', 'ATTACHMENT', 'DATA.BIN']:
        assert word in structure, (word, structure)
    part = ok(client.fetch('2', '(BODY.PEEK[2] BODY.PEEK[2.MIME])'))
    assert part[0][1].strip() == b'AAECAw==', part
    assert is_refused(client.fetch, '1', '(NOSUCH)')
    assert len(ok(client.uid('FETCH', '1:*', '(FLAGS)'))) == 3

    # Searching.
    assert ok(client.search(None, 'ALL')) == [b'1 2 3']
    assert ok(client.search(None, 'SUBJECT', '"two"')) == [b'2']
    assert ok(client.search(None, 'SEEN')) == [b'1']
    assert ok(client.search(None, 'NOT', 'SEEN', 'NOT', 'SUBJECT', 'three')) == [b'2']
    assert ok(client.search(None, '(OR SUBJECT one SUBJECT three)')) == [b'1 3']
    assert ok(client.search(None, 'BODY', '"nothing has this"')) == [b'']
    client.literal = 'Grüße'.encode()
    assert ok(client.search('UTF-8', 'TEXT')) == [b'3']
    assert ok(client.sort('(REVERSE SUBJECT)', 'UTF-8', 'ALL')) == [b'2 3 1']
    assert ok(client.thread('ORDEREDSUBJECT', 'UTF-8', 'ALL'))
    uids = ok(client.uid('SEARCH', None, 'ALL'))[0].split()
    assert len(uids) == 3

    # Flags.
    ok(client.store('2', '+FLAGS', '(\\Flagged $Important)'))
    assert flags(client, '2') >= {b'\\Flagged', b'$Important'}
    ok(client.store('2', '-FLAGS', '\\Flagged'))
    assert b'\\Flagged' not in flags(client, '2')
    ok(client.store('2', 'FLAGS.SILENT', '(\\Answered)'))
    assert flags(client, '2') - {b'\\Recent'} == {b'\\Answered'}
    ok(client.uid('STORE', uids[2], '+FLAGS', '(\\Draft)'))
    assert b'\\Draft' in flags(client, '3')

    # Copying, appending, expunging.
    ok(client.copy('1:2', 'Work'))
    no(client.copy('1', 'Nowhere'))
    ok(client.uid('COPY', uids[2].decode(), 'Work'))
    ok(client.append('Work', '(\\Seen)', imaplib.Time2Internaldate(1_700_000_000), b'Subject: new\n\nx\n'))
    no(client.append('Nowhere', None, None, b'Subject: new\r\n\r\nx\r\n'))
    assert ok(client.select('Work')) == [b'4']
    assert b'14-Nov-2023' in ok(client.fetch('4', '(INTERNALDATE)'))[0]
    assert ok(client.fetch('4', '(BODY.PEEK[])'))[0][1] == b'Subject: new\r\n\r\nx\r\n'
    assert b'\\Answered' in flags(client, '2')
    ok(client.check())
    ok(client.store('1,3', '+FLAGS', '\\Deleted'))
    # In any order, since each number counts what is left.
    assert ok(client.expunge()) in ([b'1', b'2'], [b'3', b'1'])
    ok(client.store('1', '+FLAGS', '\\Deleted'))
    ok(client.close())
    assert is_refused(client.fetch, '1', '(FLAGS)')
    assert ok(client.select('Work', readonly=True)) == [b'1']
    # Refused, or taken without effect as Dovecot does.
    client.store('1', '+FLAGS', '\\Flagged')
    assert b'\\Flagged' not in flags(client, '1')
    ok(client.unselect())
    assert ok(client.status('Work', '(MESSAGES)'))[0].endswith(b'(MESSAGES 1)')
    ok(client.select('INBOX'))
    ok(client.uid('MOVE', uids[1].decode(), 'Moved'))
    assert ok(client.search(None, 'ALL')) == [b'1 2']
    ok(client.delete('Moved'))
    ok(client.delete('Work'))
    status, _ = client.xatom('ID', 'NIL')
    assert status == 'OK'

print('done')
