import { useEffect, useRef } from 'preact/hooks'
import './import.css'
import { given, isDropping, picking } from '../drop.ts'
import { type Import, importFiles, imports } from '../import.ts'
import { strings } from '../strings.ts'
import { laterStrings } from '../strings-later.ts'
import { IconButton } from './button.tsx'
import { Icon } from './icon.tsx'

const words = laterStrings.import

const stateOf = ({ state, progress, count }: Import): string => {
  switch (state) {
    case 'waiting':
      return words.waiting
    case 'sending':
      return words.sending(Math.floor(progress * 100))
    case 'done':
      return words.done(count)
    case 'failed':
      return count > 0 ? words.partly(count) : ''
  }
}

/** Faults shown of one file before the rest is scrolled to. */
const File = ({ file }: { file: Import }) => (
  <li class="import-file" data-state={file.state} data-testid="import-file">
    <span class="import-name">{file.name}</span>
    <span class="import-state">{stateOf(file)}</span>
    {(file.state === 'sending' || file.state === 'waiting') && (
      <progress value={file.progress} max={1} aria-label={words.progress(file.name)} />
    )}
    {file.faults.length > 0 && (
      <ul class="import-faults">
        {file.faults.map(fault => (
          <li key={fault}>{fault}</li>
        ))}
      </ul>
    )}
  </li>
)

/** The files of an import and how far they are, until it is closed. */
const Progress = () => {
  const files = imports.value
  if (files.length === 0) return null
  const isBusy = files.some(({ state }) => state === 'waiting' || state === 'sending')
  return (
    <section class="import-panel" aria-label={words.title} data-testid="import-panel">
      <header>
        <h2>{words.title}</h2>
        <p role="status" class="quiet" data-testid="import-result">
          {!isBusy &&
            words.result(
              files.reduce((sum, { count }) => sum + count, 0),
              files.filter(({ state }) => state === 'failed').length,
            )}
        </p>
        {!isBusy && (
          <IconButton
            icon="x"
            label={strings.common.close}
            testId="import-close"
            onClick={() => {
              imports.value = []
            }}
          />
        )}
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keys */}
      <ul class="import-files" tabIndex={0} aria-label={words.title}>
        {files.map(file => (
          <File key={file.key} file={file} />
        ))}
      </ul>
    </section>
  )
}

/** Says where files may fall. It is for the eye alone: who has no mouse uses the file picker. */
const DropOverlay = () =>
  isDropping.value ? (
    <div class="drop" aria-hidden="true" data-testid="drop">
      <div class="drop-card">
        <Icon name="upload" size={32} />
        <strong>{words.drop}</strong>
        <span>{words.dropHint}</span>
      </div>
    </div>
  ) : null

const Picker = () => {
  const input = useRef<HTMLInputElement>(null)
  const wish = picking.value
  useEffect(() => {
    if (wish > 0) input.current?.click()
  }, [wish])
  return (
    <input
      ref={input}
      type="file"
      hidden
      multiple
      accept=".eml,.mbox,.mbx,message/rfc822,application/mbox"
      aria-label={words.picker}
      data-testid="import-picker"
      onChange={({ currentTarget }) => {
        importFiles([...(currentTarget.files ?? [])])
        currentTarget.value = ''
      }}
    />
  )
}

/** Files become messages here, from the page's first drop or pick on. */
export const ImportPanel = () => {
  const files = given.value
  useEffect(() => {
    if (files.length === 0) return
    given.value = []
    importFiles(files)
  }, [files])
  return (
    <>
      <Picker />
      <DropOverlay />
      <Progress />
    </>
  )
}
