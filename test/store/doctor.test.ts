import assert from 'node:assert/strict'
import {
  appendFile,
  cp,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { diagnose, mend, type Problem, setAside } from '../../server/store/doctor.ts'
import { LockedError } from '../../server/store/lock.ts'
import { MailStore } from '../../server/store/mail-store.ts'
import { DataDirectoryError } from '../../server/store/store-document.ts'
import { usualStore } from '../helpers/store.ts'

const folders: string[] = []
const folder = async () => {
  const path = await mkdtemp(join(tmpdir(), 'mailcatch-doctor-'))
  folders.push(path)
  return path
}
after(() => Promise.all(folders.map(path => rm(path, { recursive: true }))))

const open = (directory: string) =>
  MailStore.open({
    ...usualStore,
    directory,
  })

const raw = (number: number) => Buffer.from(`Subject: mail ${number}\r\n\r\nHello.\n`)

/** What each mailbox holds: UIDs, flags, and the octets of the message. */
const pictureOf = async (directory: string) => {
  const store = await open(directory)
  const picture: Record<string, unknown[]> = {}
  for (const login of ['', 'ann@example.org']) {
    const account = store.mailboxes.open(login)
    for (const { name, entries } of account.mailboxes()) {
      picture[`${login} ${name}`] = await Promise.all(
        [...entries.ascending()].map(async ({ number, flags, message }) => [
          number,
          `${flags}`,
          (await store.canonicalBytes(message)).toString(),
        ]),
      )
    }
    store.mailboxes.close(account)
  }
  await store.close()
  return picture
}

/** A directory with something of everything; copied for each test. */
let sound = ''
let picture: Awaited<ReturnType<typeof pictureOf>>

before(async () => {
  sound = await folder()
  const store = await open(sound)
  for (let number = 1; number <= 6; number++) {
    const rcptTo = [number % 2 ? 'ann@example.org' : 'bob@example.org']
    const arrival = store.receive({ envelope: { mailFrom: '', rcptTo }, listener: 'smtp' })
    await arrival.write(raw(number))
    await arrival.commit()
  }
  await store.list({ q: 'body:hello' }, { limit: 1 })
  const { mailboxes } = store
  const [all, ann] = [mailboxes.open(''), mailboxes.open('ann@example.org')]
  await mailboxes.setFlags(all.inbox, [2, 3], { add: ['\\Flagged'] })
  await mailboxes.setFlags(ann.inbox, [3], { add: ['\\Seen', 'later'] })
  const work = await mailboxes.create(ann, 'Work')
  await mailboxes.copy(ann.inbox, [1, 3], work)
  await mailboxes.expunge(ann.inbox, [5])
  await store.remove([4])
  await store.close()
  picture = await pictureOf(sound)
})

const damaged = async (harm: (directory: string) => Promise<unknown>): Promise<string> => {
  const directory = await folder()
  await cp(sound, directory, { recursive: true })
  await harm(directory)
  return directory
}

const kinds = (problems: readonly Problem[]) => problems.map(({ kind }) => kind)

const only = async (directory: string, pattern: RegExp): Promise<string> => {
  const names = (await readdir(directory)).filter(name => pattern.test(name))
  assert.equal(names.length, 1, `${pattern} of ${names}`)
  return join(directory, names[0] as string)
}

const edit = async (path: string, change: (document: never) => void): Promise<void> => {
  // As if we had written it so: without the sum, which tells of what others did to it.
  const { sum: _, ...document } = JSON.parse(await readFile(path, 'utf8'))
  change(document as never)
  await writeFile(path, JSON.stringify(document))
}

describe('the doctor', () => {
  test('finds nothing wrong in a sound directory, and writes nothing', async () => {
    const files = async () => {
      const names = (await readdir(sound, { recursive: true })).sort()
      return Promise.all(
        names.map(async name => [name, await readFile(join(sound, name)).catch(() => null)]),
      )
    }
    const before = await files()
    assert.deepEqual(await diagnose(sound), {
      accounts: 2,
      mailboxes: 13,
      entries: 9,
      messages: 5,
      bytes: 5 * raw(1).length,
      problems: [],
    })
    assert.deepEqual(await files(), before)
  })

  type Harm = readonly [
    what: string,
    found: readonly Problem['kind'][],
    harm: (directory: string) => Promise<unknown>,
  ]
  const index = (directory: string) => join(directory, 'index', '000000.json')
  const work = (directory: string) => join(directory, 'accounts/2/7-000000.json')
  const account = (directory: string) => join(directory, 'accounts/2/mailboxes.json')
  const mended: readonly Harm[] = [
    [
      'a file of the index that is cut',
      ['damaged', 'not in the index'],
      d => truncate(index(d), 200),
    ],
    ['one that is empty', ['damaged', 'not in the index'], d => truncate(index(d), 0)],
    ['one that is missing', ['damaged', 'not in the index'], d => rm(index(d))],
    [
      'one of another version',
      ['damaged', 'not in the index'],
      d => edit(index(d), (document: { schema: number }) => (document.schema = 99)),
    ],
    [
      'a wrong size in it',
      ['differs'],
      d =>
        edit(index(d), (document: { entries: { size: number }[] }) => {
          ;(document.entries[1] as { size: number }).size = 5
        }),
    ],
    [
      'a wrong count of bare line ends',
      ['differs'],
      d =>
        edit(index(d), (document: { entries: { bareEnds: number }[] }) => {
          ;(document.entries[1] as { bareEnds: number }).bareEnds = 7
        }),
    ],
    [
      'a last line without an end that has one',
      ['differs'],
      d =>
        edit(index(d), (document: { entries: { openEnd: boolean }[] }) => {
          ;(document.entries[1] as { openEnd: boolean }).openEnd = true
        }),
    ],
    [
      'a record that is none',
      ['not in the index'],
      d =>
        edit(index(d), (document: { entries: unknown[] }) => (document.entries[0] = { number: 1 })),
    ],
    ['the file of a mailbox that is cut', ['damaged'], async d => truncate(await work(d), 9)],
    ['the file of an account that is cut', ['damaged'], async d => truncate(await account(d), 9)],
    ['one that is missing', ['damaged'], async d => rm(await account(d))],
    [
      'a damaged line of the change log',
      ['damaged'],
      async d => appendFile(await only(join(d, 'changes'), /^\d+\.base\.jsonl$/), 'nonsense\n'),
    ],
    [
      'a torn one',
      ['damaged'],
      async d => appendFile(await only(join(d, 'changes'), /^\d+\.base\.jsonl$/), '{"lsn":'),
    ],
    ['a damaged mailcatch.json', ['damaged'], d => truncate(join(d, 'mailcatch.json'), 3)],
    [
      'a file of a removed message',
      ['left over'],
      async d => {
        await cp(join(d, 'raw/000000/3.eml'), join(d, 'raw/000000/7.eml'))
        const log = await only(join(d, 'changes'), /^\d+\.base\.jsonl$/)
        await appendFile(
          log,
          `${JSON.stringify({ lsn: 1_000, ops: [{ op: 'remove', ids: '7', reason: 'deleted' }] })}\n`,
        )
      },
    ],
  ]
  for (const [what, found, harm] of mended) {
    test(`finds and mends ${what}`, async () => {
      const directory = await damaged(harm)
      assert.deepEqual(kinds((await diagnose(directory)).problems), found)
      assert.deepEqual((await mend(directory, () => {})).problems, [])
      assert.deepEqual(await pictureOf(directory), picture)
    })
  }

  test('drops from the index what has lost its raw file', async () => {
    const directory = await damaged(d => rm(join(d, 'raw/000000/3.eml')))
    assert.deepEqual(kinds((await diagnose(directory)).problems), ['damaged'])
    const { problems, messages } = await mend(directory, () => {})
    assert.deepEqual([problems, messages], [[], 4])
  })

  test('lists a message that no index knows', async () => {
    const directory = await damaged(d =>
      cp(join(d, 'raw/000000/3.eml'), join(d, 'raw/000000/77.eml')),
    )
    assert.deepEqual((await diagnose(directory)).problems, [
      { kind: 'not in the index', ids: [77] },
    ])
    assert.deepEqual((await mend(directory, () => {})).problems, [])
    const store = await open(directory)
    assert.deepEqual(await store.rawBytes(77), raw(3))
    await store.close()
  })

  test('takes in mails that somebody laid among the raw files', async () => {
    const directory = await damaged(async d => {
      await writeFile(join(d, 'raw/000000/50.eml'), raw(50))
      await writeFile(join(d, 'raw/000000/from ann.eml'), raw(51))
      await rename(join(d, 'raw/000000/6.eml'), join(d, 'raw/000000/6006.eml'))
    })
    const { problems } = await diagnose(directory)
    assert.deepEqual(kinds(problems), ['damaged', 'foreign', 'foreign', 'foreign'])
    assert.deepEqual((await mend(directory, () => {})).problems, [])
    const store = await open(directory)
    const added = await store.match({ since: 6 })
    const octets = await Promise.all(added.map(id => store.rawBytes(id)))
    assert.deepEqual(octets.map(String).sort(), [raw(50), raw(51), raw(6)].map(String).sort())
    await store.close()
    assert.ok(!(await readdir(join(directory, 'raw/000000'))).includes('6006.eml'))
  })

  test('says what earlier starts set aside', async () => {
    const directory = await damaged(d => truncate(index(d), 200))
    await (await open(directory)).close()
    assert.equal((await setAside(directory)).length, 1)
  })

  test('leaves alone what a running Mailcatch has, and what is none of ours', async () => {
    const directory = await damaged(async () => {})
    const store = await open(directory)
    await assert.rejects(diagnose(directory), LockedError)
    await assert.rejects(
      mend(directory, () => {}),
      LockedError,
    )
    await store.close()
    const foreign = await folder()
    await writeFile(join(foreign, 'thesis.doc'), 'mine')
    await assert.rejects(diagnose(foreign), DataDirectoryError)
    await edit(join(directory, 'mailcatch.json'), (document: { schema: number }) => {
      document.schema = 99
    })
    await assert.rejects(
      mend(directory, () => {}),
      /newer Mailcatch/,
    )
  })
})
