import { MailStore } from '../../server/store/mail-store.ts'
import { type CrashDisk, crashDisk } from '../helpers/crash-fs.ts'
import { type Random, randomFrom } from '../helpers/random.ts'
import { readerHere } from '../helpers/reader-here.ts'
import { usualStore } from '../helpers/store.ts'
import { Ledger } from './ledger.ts'
import { run } from './load.ts'
import { everythingMix } from './mailbox-load.ts'
import { logins, look } from './sight.ts'
import { storeTarget } from './target.ts'

const directory = '/home/ann/mail'

/** A store on a disk, and what was acknowledged of it. */
type Patient = { readonly disk: CrashDisk; readonly ledger: Ledger }

const open = (disk: CrashDisk, random: Random, logged: string[]): Promise<MailStore> =>
  MailStore.open({
    ...usualStore,
    directory,
    fs: disk.boot(random).fs,
    reader: readerHere(),
    log: line => logged.push(line),
  })

/**
 * A store in which much was done, over a few starts. `isClosed`: its last process ended as it should, and the log was
 * given a new base; else it was killed, the index being older than the log.
 */
const grow = async (random: Random, isClosed: boolean): Promise<Patient> => {
  const disk = crashDisk()
  const ledger = new Ledger()
  const mails = { next: 1, raws: new Map<string, string>() }
  for (let start = 0; start < 3; start++) {
    const store = await open(disk, random, [])
    if (start === 0) ledger.adopt(new Map((await look(store)).seen))
    const load = { random, ledger, mails, logins, target: storeTarget(store) }
    let rest = 60
    await run(load, { mix: everythingMix, width: 3, isOver: () => rest-- <= 0 })
    if (start < 2 || isClosed) await store.close()
  }
  return { disk: disk.copy(), ledger }
}

/** The lowdb files that a start reads: not those of mailboxes whose deletion the log tells, which it only removes. */
const documents = async (disk: CrashDisk, random: Random): Promise<string[]> => {
  const sound = disk.copy()
  const before = [...sound.files().keys()]
  const store = await open(sound, random, [])
  await store.close()
  const after = sound.files()
  return before.filter(path => path.endsWith('.json') && after.has(path)).sort()
}

export type CorruptionOptions = {
  readonly seed: number
  /** Of each file, at random places. */
  readonly cuts: number
  readonly flips: number
}

/** A file after the damage; `isTold`: the start must find it. */
type Damage = {
  readonly name: string
  readonly content: Uint8Array | 'directory' | null
  readonly isTold: boolean
}

const damages = (bytes: Buffer, random: Random, { cuts, flips }: CorruptionOptions): Damage[] => {
  const cut = (): Damage => {
    const at = random.integer(bytes.length - 1)
    return { name: `cut at ${at}`, content: bytes.subarray(0, at), isTold: at > 0 }
  }
  const flip = (): Damage => {
    const at = random.integer(bytes.length)
    const bit = random.integer(8)
    const content = Buffer.from(bytes)
    content.writeUInt8(content.readUInt8(at) ^ (1 << bit), at)
    return { name: `bit ${bit} of ${at} flipped`, content, isTold: false }
  }
  const other = (name: string, text: string): Damage => ({
    name,
    content: Buffer.from(text),
    isTold: true,
  })
  const document = JSON.parse(bytes.toString('utf8')) as { schema: number }
  return [
    ...Array.from({ length: cuts }, cut),
    ...Array.from({ length: flips }, flip),
    { name: 'gone', content: null, isTold: false },
    { name: 'a directory', content: 'directory', isTold: true },
    other('empty', ''),
    other('zeros', '\0'.repeat(bytes.length)),
    other('no object', 'null\n'),
    other('a list', '[]\n'),
    other('an empty object', '{}\n'),
    other('a version that never was', JSON.stringify({ ...document, schema: 0 })),
  ]
}

/** Opens the damaged store, twice; says what is wrong. */
const examine = async (
  { disk, ledger }: Patient,
  path: string,
  damage: Damage,
  random: Random,
): Promise<string[]> => {
  const hurt = disk.copy()
  hurt.plant(path, damage.content)
  const logged: string[] = []
  try {
    for (let start = 0; start < 2; start++) {
      const store = await open(hurt, random, logged)
      ledger.check(new Map((await look(store)).seen), { isRestarted: false })
      if (start === 0 && damage.isTold && logged.length === 0) ledger.wrong.push('nobody was told')
      await store.close()
    }
  } catch (error) {
    ledger.wrong.push((error as Error).stack ?? String(error))
  }
  const isAside = [...hurt.files().keys(), ...hurt.directories()].some(name =>
    name.startsWith(`${path}.bad-`),
  )
  if (damage.isTold && !isAside) ledger.wrong.push('it was not set aside')
  return ledger.wrong
    .splice(0)
    .map(line => `${path}, ${damage.name}: ${line} (${logged.slice(0, 3).join('; ')})`)
}

/** Damages every lowdb file in every way. */
export const playCorruption = async (
  options: CorruptionOptions,
): Promise<{
  readonly damages: number
  readonly files: number
  readonly wrong: readonly string[]
}> => {
  const random = randomFrom(options.seed)
  const wrong: string[] = []
  let count = 0
  let files = 0
  for (const isClosed of [true, false]) {
    const patient = await grow(random, isClosed)
    for (const path of await documents(patient.disk, random)) {
      files++
      const bytes = patient.disk.files().get(path) as Buffer
      for (const damage of damages(bytes, random, options)) {
        count++
        wrong.push(...(await examine(patient, path, damage, random)).slice(0, 3))
        if (wrong.length > 10) return { damages: count, files, wrong }
      }
    }
  }
  return { damages: count, files, wrong }
}
