import { formatCount } from '../format.ts'

/** The HTML tab. */
export const preview = {
  frame: 'HTML of the message',
  toolbar: 'How the mail is shown',
  leave: 'Tab to leave the mail',
  widths: 'Width of the mail',
  full: 'Full',
  width: (width: number | null) => (width === null ? 'Full width' : `${width} pixels wide`),
  handle: 'Width of the mail, in pixels',
  zoom: (zoom: number) => `Zoom ${Math.round(zoom * 100)} %`,
  percent: (zoom: number) => `${Math.round(zoom * 100)} %`,
  larger: 'Larger',
  smaller: 'Smaller',
  scheme: 'Light or dark',
  schemes: {
    light: 'Light',
    styles: 'Dark styles in this mail',
    forced: 'Forced dark, approximate',
  },
  openAlone: 'Open the mail alone in a new tab',
  copyAlone: 'Copy the address of the mail alone',
  print: 'Print: opens the mail alone, print it from there',
  remoteBlocked: (count: number) => `${formatCount(count, 'remote reference')} blocked`,
  remoteShown: (sender: string | null) => `Remote content of ${sender ?? 'this mail'} is shown`,
  showRemote: 'Show remote content',
} as const
