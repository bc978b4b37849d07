import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

/** A build of the web inbox as small as it can be, for tests of how it is served. */
export async function smallWeb(test: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'mailcatch-small-web-'))
  test.after(() => rm(directory, { recursive: true }))
  await mkdir(join(directory, 'assets'))
  await writeFile(join(directory, 'assets', 'x.js'), 'globalThis.ran = true\n')
  await writeFile(
    join(directory, 'index.html'),
    '<!doctype html><title>Mailcatch</title><p id="page">the inbox</p><script src="/assets/x.js"></script>',
  )
  return directory
}
