import './dialogs.css'
import { useId, useRef, useState } from 'preact/hooks'
import { announce } from '../announce.ts'
import { type NewMessage, sendMessage } from '../api.ts'
import { composing } from '../compose.ts'
import { type ExampleName, examples } from '../compose-examples.ts'
import { formatSize } from '../format.ts'
import { whyReadOnly } from '../live.ts'
import { stats } from '../server-stats.ts'
import { strings } from '../strings.ts'
import { laterStrings } from '../strings-later.ts'
import { Button, IconButton } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Icon } from './icon.tsx'

const words = laterStrings.compose

type Attached = NonNullable<NewMessage['attachments']>[number]

type Draft = {
  readonly from: string
  readonly to: string
  readonly cc: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly attachments: readonly Attached[]
}

const draftOf = (name: ExampleName): Draft => {
  const { to, ...example } = examples[name]
  return { ...example, to: to.join(', '), cc: '' }
}

/** Addresses with commas between them; a comma in quotes is one of a name. */
const addressesOf = (text: string): readonly string[] =>
  (text.match(/(?:"[^"]*"|[^,"])+/g) ?? []).map(address => address.trim()).filter(Boolean)

/** Octets that a text in base64 stands for, at most. */
const decodedSize = (base64: string): number => (base64.length / 4) * 3

const readAsBase64 = (file: File): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.addEventListener('load', () =>
      resolve(String(reader.result).slice(String(reader.result).indexOf(',') + 1)),
    )
    reader.addEventListener('error', () => reject(reader.error))
    reader.readAsDataURL(file)
  })

/** Octets of a mail's attachments, so that with base64 and its line ends the mail is below the limit. */
const mostAttached = (): number => ((stats.value?.limits.maxMessageSize ?? 5_000_000) * 2) / 3

const Field = ({
  label,
  value,
  onInput,
  hint,
  testId,
}: {
  label: string
  value: string
  onInput: (value: string) => void
  hint?: string
  testId: string
}) => {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="text"
        value={value}
        autocomplete="off"
        spellcheck={false}
        aria-describedby={hint && `${id}-hint`}
        data-testid={testId}
        onInput={event => onInput(event.currentTarget.value)}
      />
      {hint && (
        <span id={`${id}-hint`} class="hidden">
          {hint}
        </span>
      )}
    </div>
  )
}

const Attachments = ({
  attached,
  onChange,
  onFault,
}: {
  attached: readonly Attached[]
  onChange: (attached: readonly Attached[]) => void
  onFault: (fault: string) => void
}) => {
  const input = useRef<HTMLInputElement>(null)
  const take = async (files: readonly File[]): Promise<void> => {
    const size =
      attached.reduce((sum, { content }) => sum + decodedSize(content), 0) +
      files.reduce((sum, file) => sum + file.size, 0)
    if (size > mostAttached()) {
      onFault(words.tooLarge(formatSize(stats.value?.limits.maxMessageSize ?? 5_000_000)))
      return
    }
    try {
      const added = await Promise.all(
        files.map(
          async (file): Promise<Attached> => ({
            filename: file.name,
            ...(file.type ? { contentType: file.type } : {}),
            content: await readAsBase64(file),
            encoding: 'base64',
          }),
        ),
      )
      onChange([...attached, ...added].slice(0, 100))
    } catch (error) {
      onFault(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <div class="field">
      <span class="field-name">{words.attachments}</span>
      <ul class="attached" aria-label={words.attachments}>
        {attached.map((one, at) => (
          <li key={`${at} ${one.filename}`} data-testid="compose-attached">
            <Icon name="file" size={14} />
            <span class="attached-name">{one.filename}</span>
            <span class="quiet">{formatSize(decodedSize(one.content))}</span>
            <button
              type="button"
              class="tag-remove"
              aria-label={words.removeFile(one.filename)}
              onClick={() => onChange(attached.filter(other => other !== one))}
            >
              <Icon name="x" size={12} />
            </button>
          </li>
        ))}
        <li class="attached-add">
          <Button kind="quiet" icon="paperclip" onClick={() => input.current?.click()}>
            {words.attach}
          </Button>
        </li>
      </ul>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        aria-label={words.attach}
        data-testid="compose-files"
        onChange={({ currentTarget }) => {
          void take([...(currentTarget.files ?? [])])
          currentTarget.value = ''
        }}
      />
    </div>
  )
}

const Body = ({ draft, onChange }: { draft: Draft; onChange: (draft: Draft) => void }) => {
  const [kind, setKind] = useState<'text' | 'html'>('text')
  const id = useId()
  return (
    <div class="field field-body">
      <label for={id} class="field-name">
        {kind === 'text' ? words.text : words.html}
      </label>
      <fieldset class="segments">
        <legend class="hidden">{words.body}</legend>
        {(['text', 'html'] as const).map(one => (
          <button
            key={one}
            type="button"
            aria-pressed={kind === one}
            data-testid={`compose-${one}`}
            onClick={() => setKind(one)}
          >
            {words[one]}
          </button>
        ))}
      </fieldset>
      <textarea
        id={id}
        rows={9}
        spellcheck={kind === 'text'}
        data-testid="compose-body"
        value={draft[kind]}
        onInput={event => onChange({ ...draft, [kind]: event.currentTarget.value })}
      />
    </div>
  )
}

/** Makes a mail and puts it into the inbox, through the API as any program would. */
export const ComposeDialog = () => {
  const [draft, setDraft] = useState(() => draftOf('plain'))
  const [fault, setFault] = useState('')
  const [isSending, setSending] = useState(false)
  const close = (): void => {
    composing.value = false
  }
  const put = (changes: Partial<Draft>): void => {
    setFault('')
    setDraft({ ...draft, ...changes })
  }
  const send = async (end: () => void): Promise<void> => {
    if (isSending || whyReadOnly.value) return
    const to = addressesOf(draft.to)
    if (!draft.from.trim()) return setFault(words.needsFrom)
    if (to.length === 0) return setFault(words.needsTo)
    setSending(true)
    try {
      const cc = addressesOf(draft.cc)
      await sendMessage({
        from: draft.from.trim(),
        to,
        ...(cc.length > 0 ? { cc } : {}),
        subject: draft.subject,
        ...(draft.text || !draft.html ? { text: draft.text } : {}),
        ...(draft.html ? { html: draft.html } : {}),
        ...(draft.attachments.length > 0 ? { attachments: draft.attachments } : {}),
      })
      announce(words.done)
      end()
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error))
    }
    setSending(false)
  }
  return (
    <Dialog class="sheet sheet-wide" labelledBy="compose-title" testId="compose" onClose={close}>
      {end => (
        <form
          class="sheet-form"
          method="dialog"
          onKeyDown={event => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send(end)
          }}
          onSubmit={event => {
            event.preventDefault()
            void send(end)
          }}
        >
          <header>
            <h2 id="compose-title">{words.title}</h2>
            <IconButton icon="x" label={strings.common.close} onClick={end} />
          </header>
          <p class="quiet">{words.lead}</p>
          <fieldset class="choices">
            <legend>{words.examples}</legend>
            {(Object.keys(examples) as ExampleName[]).map(name => (
              <button
                key={name}
                type="button"
                class="choice"
                data-testid={`compose-example-${name}`}
                onClick={() => put(draftOf(name))}
              >
                {words.example[name]}
              </button>
            ))}
          </fieldset>
          <Field
            label={words.from}
            value={draft.from}
            testId="compose-from"
            onInput={from => put({ from })}
          />
          <Field
            label={words.to}
            value={draft.to}
            hint={words.listHint}
            testId="compose-to"
            onInput={to => put({ to })}
          />
          <Field
            label={words.cc}
            value={draft.cc}
            hint={words.listHint}
            testId="compose-cc"
            onInput={cc => put({ cc })}
          />
          <Field
            label={words.subject}
            value={draft.subject}
            testId="compose-subject"
            onInput={subject => put({ subject })}
          />
          <Body draft={draft} onChange={put} />
          <Attachments
            attached={draft.attachments}
            onChange={attachments => put({ attachments })}
            onFault={setFault}
          />
          <footer>
            <p class="fault" role="alert" data-testid="compose-fault">
              {fault}
            </p>
            <Button onClick={end}>{strings.common.cancel}</Button>
            <Button
              kind="primary"
              icon="send"
              testId="compose-send"
              why={whyReadOnly.value}
              onClick={() => void send(end)}
            >
              {isSending ? words.sending : words.send}
            </Button>
          </footer>
        </form>
      )}
    </Dialog>
  )
}
