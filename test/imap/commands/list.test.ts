import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askImap, openImap, startImap } from '../../helpers/imap.ts'

/** A client of an account that has only these mailboxes besides INBOX, and subscriptions. */
async function clientWith(
  t: Parameters<typeof startImap>[0],
  names: readonly string[],
  { deleted = [] as readonly string[], subscribed = [] as readonly string[] } = {},
) {
  const imap = await startImap(t)
  const wire = await openImap(imap.port, 'ann@example.com')
  t.after(() => wire.destroy())
  for (const name of ['Archive', 'Drafts', 'Junk', 'Sent', 'Trash']) {
    await askImap(wire, `DELETE ${name}`)
    await askImap(wire, `UNSUBSCRIBE ${name}`)
  }
  await askImap(wire, 'UNSUBSCRIBE INBOX')
  for (const name of names) await askImap(wire, `CREATE "${name}"`)
  for (const name of deleted) await askImap(wire, `DELETE "${name}"`)
  for (const name of subscribed) await askImap(wire, `SUBSCRIBE "${name}"`)
  /** The LIST and LSUB responses without what is the same in each. */
  return async (command: string) => {
    const lines = await askImap(wire, command)
    assert.match(lines.at(-1) ?? '', /^OK/)
    return lines
      .slice(0, -1)
      .map(line => line.replace(/^\* (?:LIST|LSUB) /, '').replace(' "/"', ''))
  }
}

test('the hierarchy separator, and the two wildcards (RFC 9051 §6.3.9.8)', async t => {
  const list = await clientWith(t, ['foo', 'foo/bar', 'foo/bar/deep', 'zoo'])
  assert.deepEqual(await list('LIST "" ""'), ['(\\Noselect) ""'])
  assert.deepEqual(await list('LIST #news.comp.mail.misc ""'), ['(\\Noselect) ""'])
  assert.deepEqual(await list('LIST "" *'), [
    '(\\HasNoChildren) INBOX',
    '(\\HasChildren) foo',
    '(\\HasChildren) foo/bar',
    '(\\HasNoChildren) foo/bar/deep',
    '(\\HasNoChildren) zoo',
  ])
  assert.deepEqual(await list('LIST "" %'), [
    '(\\HasNoChildren) INBOX',
    '(\\HasChildren) foo',
    '(\\HasNoChildren) zoo',
  ])
  assert.deepEqual(await list('LIST "" foo/%'), ['(\\HasChildren) foo/bar'])
  assert.deepEqual(await list('LIST foo/ %'), ['(\\HasChildren) foo/bar'])
  assert.deepEqual(await list('LIST "" *oo'), ['(\\HasChildren) foo', '(\\HasNoChildren) zoo'])
  assert.deepEqual(await list('LIST "" inbox'), ['(\\HasNoChildren) INBOX'])
  assert.deepEqual(await list('LIST "" inbox%'), ['(\\HasNoChildren) INBOX'])
  assert.deepEqual(await list('LIST "" InB*'), ['(\\HasNoChildren) INBOX'])
  assert.deepEqual(await list('LIST "" %box'), ['(\\HasNoChildren) INBOX'])
  assert.deepEqual(await list('LIST "" nothing'), [])
  assert.deepEqual(await list('LIST "" ("INBOX" "zoo" "" "zoo")'), [
    '(\\HasNoChildren) INBOX',
    '(\\HasNoChildren) zoo',
  ])
  assert.deepEqual(await list('LIST () "" ("")'), [])
})

test('a deleted mailbox with others below it is still a level (RFC 9051 §6.3.5)', async t => {
  const list = await clientWith(t, ['foo', 'foo/bar'], { deleted: ['foo'] })
  assert.deepEqual(await list('LIST "" *'), [
    '(\\HasNoChildren) INBOX',
    '(\\NonExistent \\Noselect \\HasChildren) foo',
    '(\\HasNoChildren) foo/bar',
  ])
  assert.deepEqual(await list('LIST "" %'), [
    '(\\HasNoChildren) INBOX',
    '(\\NonExistent \\Noselect \\HasChildren) foo',
  ])
})

test('the account as it is at first, with its special uses (RFC 6154 §5.1)', async t => {
  const imap = await startImap(t)
  const wire = await openImap(imap.port)
  t.after(() => wire.destroy())
  assert.deepEqual(await askImap(wire, 'LIST "" "*"'), [
    '* LIST (\\HasNoChildren) "/" INBOX',
    '* LIST (\\HasNoChildren \\Archive) "/" Archive',
    '* LIST (\\HasNoChildren \\Drafts) "/" Drafts',
    '* LIST (\\HasNoChildren \\Junk) "/" Junk',
    '* LIST (\\HasNoChildren \\Sent) "/" Sent',
    '* LIST (\\HasNoChildren \\Trash) "/" Trash',
    'OK LIST completed',
  ])
  assert.deepEqual((await askImap(wire, 'LIST (SPECIAL-USE) "" "%r%"')).slice(0, -1), [
    '* LIST (\\HasNoChildren \\Archive) "/" Archive',
    '* LIST (\\HasNoChildren \\Drafts) "/" Drafts',
    '* LIST (\\HasNoChildren \\Trash) "/" Trash',
  ])
  const lines = await askImap(wire, 'LIST (SUBSCRIBED) "" "*" RETURN (SPECIAL-USE)')
  assert.ok(lines.includes('* LIST (\\HasNoChildren \\Sent \\Subscribed) "/" Sent'))
})

const FRUIT = ['Fruit', 'Fruit/Apple', 'Fruit/Banana', 'Tofu', 'Vegetable', 'Vegetable/Broccoli']
const SUBSCRIBED = ['INBOX', 'Fruit/Banana', 'Fruit/Peach', 'Vegetable', 'Vegetable/Broccoli']

test('subscribed names, also of mailboxes that there are not (RFC 5258 §5, examples 1 to 5)', async t => {
  const list = await clientWith(t, FRUIT, { subscribed: SUBSCRIBED })
  assert.deepEqual(await list('LIST (SUBSCRIBED) "" "*"'), [
    '(\\HasNoChildren \\Subscribed) INBOX',
    '(\\HasNoChildren \\Subscribed) Fruit/Banana',
    '(\\NonExistent \\Noselect \\HasNoChildren \\Subscribed) Fruit/Peach',
    '(\\HasChildren \\Subscribed) Vegetable',
    '(\\HasNoChildren \\Subscribed) Vegetable/Broccoli',
  ])
  assert.deepEqual(await list('LIST () "" "%" RETURN (CHILDREN)'), [
    '(\\HasNoChildren) INBOX',
    '(\\HasChildren) Fruit',
    '(\\HasNoChildren) Tofu',
    '(\\HasChildren) Vegetable',
  ])
  assert.deepEqual(await list('LIST (REMOTE) "" "%" RETURN (CHILDREN SUBSCRIBED)'), [
    '(\\HasNoChildren \\Subscribed) INBOX',
    '(\\HasChildren) Fruit',
    '(\\HasNoChildren) Tofu',
    '(\\HasChildren \\Subscribed) Vegetable',
  ])
})

test('RECURSIVEMATCH tells of names above those that match (RFC 5258 §5, examples 7 to 11)', async t => {
  const list = await clientWith(t, FRUIT, { subscribed: SUBSCRIBED })
  assert.deepEqual(await list('LIST (SUBSCRIBED RECURSIVEMATCH) "" "%"'), [
    '(\\HasNoChildren \\Subscribed) INBOX',
    '(\\HasChildren) Fruit ("CHILDINFO" ("SUBSCRIBED"))',
    '(\\HasChildren \\Subscribed) Vegetable ("CHILDINFO" ("SUBSCRIBED"))',
  ])
  // What is listed itself needs no name above it to say so.
  assert.deepEqual(await list('LIST (SUBSCRIBED RECURSIVEMATCH) "" "Fruit*"'), [
    '(\\HasNoChildren \\Subscribed) Fruit/Banana',
    '(\\NonExistent \\Noselect \\HasNoChildren \\Subscribed) Fruit/Peach',
  ])
  assert.deepEqual(await list('LIST (RECURSIVEMATCH SUBSCRIBED) "" ("%" "Vegetable/%")'), [
    '(\\HasNoChildren \\Subscribed) INBOX',
    '(\\HasChildren) Fruit ("CHILDINFO" ("SUBSCRIBED"))',
    '(\\HasChildren \\Subscribed) Vegetable ("CHILDINFO" ("SUBSCRIBED"))',
    '(\\HasNoChildren \\Subscribed) Vegetable/Broccoli',
  ])
})

test('a level that there is not, above a subscribed name (RFC 9051 §6.3.9.8, example 11)', async t => {
  const list = await clientWith(t, ['foo', 'foo2/bar1', 'foo2/bar2'], {
    deleted: ['foo2'],
    subscribed: ['foo2/bar1', 'gone/below'],
  })
  assert.deepEqual(await list('LIST (SUBSCRIBED RECURSIVEMATCH) "" "%"'), [
    '(\\NonExistent \\Noselect \\HasChildren) foo2 ("CHILDINFO" ("SUBSCRIBED"))',
    '(\\NonExistent \\Noselect \\HasNoChildren) gone ("CHILDINFO" ("SUBSCRIBED"))',
  ])
})

test('STATUS with LIST (RFC 5819 §2)', async t => {
  const list = await clientWith(t, ['foo', 'foo/bar'], { deleted: ['foo'] })
  assert.deepEqual(await list('LIST "" "*" RETURN (STATUS (MESSAGES UNSEEN))'), [
    '(\\HasNoChildren) INBOX',
    '* STATUS INBOX (MESSAGES 0 UNSEEN 0)',
    '(\\NonExistent \\Noselect \\HasChildren) foo',
    '(\\HasNoChildren) foo/bar',
    '* STATUS foo/bar (MESSAGES 0 UNSEEN 0)',
  ])
})

test('LSUB (RFC 3501 §6.3.9)', async t => {
  const list = await clientWith(t, FRUIT, { subscribed: ['Tofu', 'Fruit/Banana', 'Gone'] })
  assert.deepEqual(await list('LSUB "" "*"'), [
    '(\\HasNoChildren) Fruit/Banana',
    '(\\NonExistent \\Noselect \\HasNoChildren) Gone',
    '(\\HasNoChildren) Tofu',
  ])
  assert.deepEqual(await list('LSUB "" %'), [
    '(\\Noselect) Fruit',
    '(\\NonExistent \\Noselect \\HasNoChildren) Gone',
    '(\\HasNoChildren) Tofu',
  ])
  assert.deepEqual(await list('LSUB Fruit/ %'), ['(\\HasNoChildren) Fruit/Banana'])
})

test('names in modified UTF-7, and in UTF-8 once that is enabled (RFC 3501 §5.1.3, RFC 6855 §3)', async t => {
  const imap = await startImap(t)
  await imap.play(`C: a CREATE "Entw&APw-rfe & so"
     S: a NO [CANNOT] …
     C: b CREATE Entw&APw-rfe
     S: b OK …
     C: c LIST "" E*
     S: * LIST (\\HasNoChildren) "/" Entw&APw-rfe
     S: c OK …
     C: d ENABLE UTF8=ACCEPT
     S: * ENABLED UTF8=ACCEPT
     S: d OK …
     C: e LIST "" E*
     S: * LIST (\\HasNoChildren) "/" "Entwürfe"
     S: e OK …
     C: f STATUS "Entwürfe" (MESSAGES)
     S: * STATUS "Entwürfe" (MESSAGES 0)
     S: f OK …`)
})
