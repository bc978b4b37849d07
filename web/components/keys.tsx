const isMac = navigator.platform.startsWith('Mac')
const names: Readonly<Record<string, string>> = {
  Escape: 'Esc',
  Delete: 'Del',
  Ctrl: isMac ? '⌘' : 'Ctrl',
  ArrowDown: '↓',
  ArrowUp: '↑',
}

/** Keys as they are printed on a keyboard: `g i`, `Ctrl+k`. */
export const Keys = ({ keys }: { keys: string }) => (
  <span class="keys">
    {keys.split(/[ +]/).map(key => (
      <kbd key={key}>{names[key] ?? (keys.includes('+') ? key.toUpperCase() : key)}</kbd>
    ))}
  </span>
)
