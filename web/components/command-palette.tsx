import './palette.css'
import { useEffect, useRef, useState } from 'preact/hooks'
import { type Command, commands, isPaletteOpen } from '../commands.ts'
import { fitting } from '../palette.ts'
import { navigate } from '../route.ts'
import { strings } from '../strings.ts'
import { Dialog } from './dialog.tsx'
import { Icon } from './icon.tsx'
import { Keys } from './keys.tsx'

const words = strings.commands
const all = commands.filter(command => !command.isByKeyOnly && command.does !== words.palette)

/** What can be chosen: the commands that fit, and to search for what was typed. */
const choices = (typed: string): readonly Command[] => {
  const text = typed.trim()
  if (!text) return all
  const search: Command = {
    does: words.searchFor(text),
    group: 'list',
    keys: [],
    run: () => navigate({ page: 'inbox', q: text }),
  }
  return [...fitting(text, all), search]
}

const Choice = ({
  command,
  at,
  isActive,
  onChoose,
  onPoint,
}: {
  command: Command
  at: number
  isActive: boolean
  onChoose: () => void
  onPoint: () => void
}) => (
  // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are heard by the input that has the focus
  // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the input (aria-activedescendant)
  <div
    id={`palette-${at}`}
    role="option"
    aria-selected={isActive}
    onClick={onChoose}
    onPointerMove={onPoint}
  >
    <span>
      {command.does}
      {command.isOn?.() && <span class="badge">{words.on}</span>}
    </span>
    {command.keys[0] && <Keys keys={command.keys[0]} />}
  </div>
)

const Palette = ({ close }: { close: () => void }) => {
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const list = useRef<HTMLDivElement>(null)
  const found = choices(typed)
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [at])
  const choose = (command: Command | undefined): void => {
    if (!command) return
    close()
    command.run()
  }
  return (
    <div class="palette-body">
      <div class="palette-box">
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          aria-label={words.paletteLabel}
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={`palette-${at}`}
          aria-autocomplete="list"
          placeholder={words.palettePlaceholder}
          autocomplete="off"
          spellcheck={false}
          maxLength={1000}
          data-testid="palette-input"
          value={typed}
          onInput={event => {
            setTyped(event.currentTarget.value)
            setAt(0)
          }}
          onKeyDown={event => {
            const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
            if (by) setAt((at + by + found.length) % found.length)
            else if (event.key === 'Enter') choose(found[at])
            else return
            event.preventDefault()
          }}
        />
      </div>
      <div ref={list} id="palette-list" role="listbox" aria-label={words.results(found.length)}>
        {found.map((command, place) => (
          <Choice
            key={command.does}
            command={command}
            at={place}
            isActive={place === at}
            onChoose={() => choose(command)}
            onPoint={() => setAt(place)}
          />
        ))}
      </div>
    </div>
  )
}

/** Everything that can be done, found by typing. */
export const CommandPalette = () => (
  <Dialog
    class="sheet palette"
    label={words.palette}
    testId="palette"
    onClose={() => (isPaletteOpen.value = false)}
  >
    {close => <Palette close={close} />}
  </Dialog>
)
