import { finished, Readable } from 'node:stream'

/** A file of an archive. */
export type ZippedFile = {
  /** As it stands in the archive: portable, and not there yet. */
  readonly name: string
  /** Milliseconds since 1970. */
  readonly modifiedAt: number
  readonly octets: AsyncIterable<Uint8Array>
  /** Called once nothing more is read of it, read to its end or not. */
  close(): Promise<void>
}

/** A file that its owner alone may write. */
const mode = 0o100644

/**
 * Writes an archive, file after file as they come: of each no more is read than is taken here, so neither their size nor their
 * number needs memory, but for a line of the directory at the end. ZIP64 where it takes that. Ending early ends the files.
 */
export async function* writeZip(files: AsyncIterable<ZippedFile>): AsyncGenerator<Uint8Array> {
  const { ZipFile } = await import('yazl')
  const archive = new ZipFile()
  const output = archive.outputStream as Readable
  const fail = (error: unknown) => output.destroy(error as Error)
  archive.on('error', fail)
  let source: Readable | null = null
  let isWanted = true

  const fill = async () => {
    for await (const { name, modifiedAt, octets, close } of files) {
      try {
        if (!isWanted) return
        const current = Readable.from(octets, { objectMode: false })
        source = current
        // What is handed over would be kept to the end: it takes the source when its turn has come, and that is this one's.
        const take = (use: (error: null, source: Readable) => void) => use(null, source as Readable)
        archive.addReadStreamLazy(name, { mtime: new Date(modifiedAt), mode }, take)
        await untilRead(current)
      } finally {
        await close()
      }
    }
    archive.end()
  }
  const filled = fill().catch(fail)
  try {
    yield* output
  } finally {
    isWanted = false
    output.destroy()
    ;(source as Readable | null)?.destroy()
    await filled
  }
}

/** Resolves when everything was taken, or nobody wants it any more; rejects where it cannot be read. */
const untilRead = (source: Readable): Promise<void> =>
  new Promise((resolve, reject) => {
    finished(source, { writable: false }, error => {
      if (error && error.code !== 'ERR_STREAM_PREMATURE_CLOSE') reject(error)
      else resolve()
    })
  })
