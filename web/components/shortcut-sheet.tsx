import './palette.css'
import { commands, groups, isSheetOpen } from '../commands.ts'
import { hasShortcuts } from '../settings.ts'
import { strings } from '../strings.ts'
import { IconButton } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Keys } from './keys.tsx'

const words = strings.commands

/** Every key and what it does. */
export const ShortcutSheet = () => (
  <Dialog
    class="sheet shortcuts"
    labelledBy="sheet-title"
    testId="shortcuts"
    onClose={() => (isSheetOpen.value = false)}
  >
    {close => (
      <div class="sheet-body">
        <header>
          <h2 id="sheet-title">{words.sheet}</h2>
          <IconButton icon="x" label={strings.common.close} onClick={close} />
        </header>
        <div class="shortcut-groups">
          {groups.map(group => (
            <section key={group}>
              <h3>{words.groups[group]}</h3>
              <dl>
                {commands
                  .filter(command => command.group === group && command.keys.length > 0)
                  .map(({ does, keys }) => (
                    <div key={does}>
                      <dt>{does}</dt>
                      <dd>
                        {keys.map((key, at) => (
                          <span key={key}>
                            {at > 0 && <i> {words.or} </i>}
                            <Keys keys={key} />
                          </span>
                        ))}
                      </dd>
                    </div>
                  ))}
              </dl>
            </section>
          ))}
        </div>
        <p class="quiet">{words.hint}</p>
        <label class="check">
          <input
            type="checkbox"
            checked={hasShortcuts.value}
            onChange={event => {
              hasShortcuts.value = event.currentTarget.checked
            }}
          />
          {words.useSingleKeys}
        </label>
      </div>
    )}
  </Dialog>
)
