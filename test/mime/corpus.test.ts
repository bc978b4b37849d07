import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Address } from '../../server/mime/address.ts'
import { type Attachment, type Content, MAX_WARNINGS } from '../../server/mime/content.ts'
import { ContentReader } from '../../server/mime/content-reader.ts'
import { partBytes } from '../../server/mime/decode.ts'
import { readHeader } from '../../server/mime/header.ts'
import { withFiles } from '../../server/mime/part-files.ts'
import { type Part, readStructure, STRUCTURE_LIMITS } from '../../server/mime/structure.ts'
import { summarise } from '../../server/mime/summary.ts'

/** The fields of NAME.expected.json that are looked at here; the corpus' README says what each means. */
type Expected = {
  readonly subject?: string | null
  readonly subject_one_of?: readonly string[]
  readonly from?: readonly Address[]
  readonly to?: readonly Address[]
  readonly cc?: readonly Address[]
  readonly text?: { readonly contains: readonly string[] } | null
  readonly html?: { readonly contains: readonly string[] } | null
  readonly textPresent?: boolean
  readonly htmlPresent?: boolean
  readonly attachments?: readonly {
    readonly filename?: string | null
    readonly contentType: string
    readonly size?: number
    readonly sha256?: string
  }[]
  readonly attachments_count?: number
  readonly structure?: string
  readonly leaves?: readonly { readonly size?: number; readonly sha256_16?: string }[]
}

/** Where we differ from the ground truth, and why. The test fails as well when one of these is met. */
const DEVIATIONS: Readonly<Record<string, string>> = {
  'hostile/active-attachments-svg-html-xml.eml attachments':
    'the truth names none; its eight parts are attachments, all by disposition or type',
  'hostile/attachment-names-path-traversal.eml attachments':
    'one name holds a NUL, which we show as a space',
  'hostile/efail-direct-exfiltration.eml attachments':
    'the truth names none; we list the pkcs7 part between the HTML parts',
  'hostile/nest-multipart-500.eml structure': 'not read deeper than 50',
  'hostile/nest-rfc822-300.eml structure': 'not read deeper than 50',
  'real/flanker-bilingual-simple.eml leaves':
    'RFC 2045 §6.7 (3) has white space at the end of an encoded line deleted; the truth keeps it',
  'structure/dsn-bounce-postfix.eml attachments':
    'the truth names none; we list the delivery status and the returned message',
  'structure/rfc822-nested-3-levels.eml attachments':
    'the truth names none; we list the forwarded message',
  'structure/uuencode-inline-and-cte.eml attachments':
    'the truth names the part alone; we list the file in the text as well',
}

/** Templates with a fault all the same. */
const WARNED: Readonly<Record<string, readonly string[]>> = {
  'templates/python-raw-cron.eml': ['There is no Date field.'],
}

/** Mails in broken/ that are as the RFCs allow, however odd they look. */
const UNWARNED: ReadonlySet<string> = new Set([
  'broken/delimiter-trailing-space.eml',
  'broken/dot-lines.eml',
])

const CORPUS = new URL('../fixtures/corpus/', import.meta.url)
const paths = readFileSync(new URL('MANIFEST.tsv', CORPUS), 'utf8')
  .split('\n')
  .slice(1)
  .filter(line => line !== '')
  .map(line => line.split('\t')[0] ?? '')

/** Milliseconds; generous, so that a busy machine does not fail the test, and quadratic work still does. */
const HELD = 1_000

const reader = new ContentReader()
after(() => reader.close())

test('the corpus is whole', () => {
  assert.equal(paths.length, 150)
})

for (const path of paths) {
  test(path, async () => {
    const url = new URL(path, CORPUS)
    const raw = readFileSync(url)
    const source = { path: fileURLToPath(url), start: 0 }
    const expected: Expected = JSON.parse(
      readFileSync(new URL(path.replace(/eml$/, 'expected.json'), CORPUS), 'utf8'),
    )
    const start = performance.now()
    summarise(readHeader(raw))
    // The main thread's part: 100 ms at most, of which the worst of them takes a quarter.
    assert.ok(performance.now() - start < HELD, 'the header reader is quick')
    const [content, html, remoteRoot] = await Promise.all([
      reader.read(source),
      reader.html(source),
      reader.structure(source),
    ])
    const root = withFiles(raw, readStructure(raw))
    assert.deepEqual(remoteRoot, root, 'the same in the worker')
    assertRanges(root, 0, raw.length)
    assert.equal(html === null, content.html === null)
    assert.ok(Buffer.byteLength(content.searchText) <= 64 * 1024)
    assert.ok(content.warnings.length <= MAX_WARNINGS)
    assert.deepEqual(new Set(content.warnings).size, content.warnings.length)
    if (path.startsWith('templates/')) {
      assert.deepEqual(content.warnings, WARNED[path] ?? [], 'a good mail has no warnings')
    } else if (path.startsWith('broken/')) {
      assert.equal(content.warnings.length > 0, !UNWARNED.has(path), 'a broken one says so')
    }
    for (const { part } of content.attachments) {
      assert.ok(all(root).some(({ number }) => number === part))
    }

    const different = differences(expected, raw, root, content)
    const known = Object.keys(DEVIATIONS).filter(key => key.startsWith(`${path} `))
    assert.deepEqual(different.map(field => `${path} ${field}`).sort(), known.sort())
  })
}

/** The names of the fields in which we are not what the ground truth says. */
function differences(expected: Expected, raw: Buffer, root: Part, content: Content): string[] {
  const summary = summarise(readHeader(raw))
  const leaves = all(readStructure(raw)).filter(part => part.parts.length === 0)
  const checks: Record<string, boolean> = {
    subject:
      expected.subject === undefined ||
      oneSpace(summary.subject) === oneSpace(expected.subject ?? ''),
    subject_one_of: expected.subject_one_of?.includes(summary.subject) ?? true,
    from: isSameList(expected.from, summary.from),
    to: isSameList(expected.to, summary.to),
    cc: isSameList(expected.cc, summary.cc),
    text: holds(expected.text, content.text),
    html: holds(expected.html, content.html),
    textPresent: (expected.textPresent ?? content.text !== null) === (content.text !== null),
    htmlPresent: (expected.htmlPresent ?? content.html !== null) === (content.html !== null),
    attachments:
      expected.attachments?.length === undefined ||
      isSame(expected.attachments, content.attachments),
    attachments_count:
      (expected.attachments_count ?? content.attachments.length) === content.attachments.length,
    structure: expected.structure === undefined || expected.structure === tree(root),
    leaves:
      expected.leaves === undefined ||
      (expected.leaves.length === leaves.length &&
        leaves.every((leaf, i) => isSameLeaf(expected.leaves?.[i], partBytes(raw, leaf)))),
  }
  return Object.keys(checks).filter(field => !checks[field])
}

function isSameList(expected: readonly Address[] | undefined, actual: readonly Address[]): boolean {
  const plain = (list: readonly Address[]) =>
    JSON.stringify(list.map(({ name, address }) => [oneSpace(name), address]))
  return expected === undefined || plain(expected) === plain(actual)
}

function holds(
  expected: { readonly contains: readonly string[] } | null | undefined,
  actual: string | null,
): boolean {
  if (expected === undefined) return true
  if (expected === null || actual === null) return expected === actual
  return expected.contains.every(part => oneSpace(actual).includes(oneSpace(part)))
}

function isSame(
  expected: NonNullable<Expected['attachments']>,
  actual: readonly Attachment[],
): boolean {
  return (
    expected.length === actual.length &&
    actual.every((attachment, i) => {
      const { filename, contentType, size, sha256 } = expected[i] ?? { contentType: '' }
      return (
        (filename ?? '') === attachment.name &&
        contentType === attachment.contentType &&
        (size ?? attachment.size) === attachment.size &&
        (sha256 ?? attachment.sha256) === attachment.sha256
      )
    })
  )
}

function isSameLeaf(
  expected: { readonly size?: number; readonly sha256_16?: string } | undefined,
  bytes: Buffer,
): boolean {
  const lines = Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')
  const digest = createHash('sha256').update(lines).digest('hex').slice(0, 16)
  return (
    (expected?.size ?? lines.length) === lines.length && (expected?.sha256_16 ?? digest) === digest
  )
}

function oneSpace(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

function all(part: Part): Part[] {
  return [part, ...part.parts.flatMap(all), ...(part.files ?? [])]
}

function tree(part: Part): string {
  return part.parts.length === 0 ? part.type : `${part.type}[${part.parts.map(tree).join(',')}]`
}

function assertRanges(part: Part, from: number, to: number, depth = 0): void {
  assert.ok(from <= part.start && part.start <= part.bodyStart)
  assert.ok(part.bodyStart <= part.end && part.end <= to)
  assert.ok(depth <= STRUCTURE_LIMITS.depth)
  let at = part.bodyStart
  for (const child of part.parts) {
    assertRanges(child, at, part.end, depth + 1)
    at = child.end
  }
}
