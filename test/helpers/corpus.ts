import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The folder of the mails that every part is tried with. */
export const corpusFolder = fileURLToPath(new URL('../fixtures/corpus/', import.meta.url))

/** Their octets, sorted by their paths. */
export const corpusMails = (): Buffer[] =>
  readdirSync(corpusFolder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.eml'))
    .sort()
    .map(name => readFileSync(`${corpusFolder}/${name}`))
