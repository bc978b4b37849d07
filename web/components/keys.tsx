const isMac = navigator.platform.startsWith('Mac')
const names: Readonly<Record<string, string>> = {
  Escape: 'Esc',
  Delete: 'Del',
  Ctrl: isMac ? '⌘' : 'Ctrl',
  Shift: 'Shift',
  ArrowDown: '↓',
  ArrowUp: '↑',
}

/** A capital is typed with Shift: `Shift+j`. */
const withShift = (keys: string): string =>
  /^[A-Z]$/.test(keys) ? `Shift+${keys.toLowerCase()}` : keys

/** Keys as they are printed on a keyboard: `g i`, `Ctrl+k`. */
export const Keys = ({ keys }: { keys: string }) => (
  <span class="keys">
    {withShift(keys)
      .split(/[ +]/)
      .map(key => (
        <kbd key={key}>
          {names[key] ?? (withShift(keys).includes('+') ? key.toUpperCase() : key)}
        </kbd>
      ))}
  </span>
)
