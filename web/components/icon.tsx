import { icon as arrowLeft } from 'lucide-static/icons/arrow-left.svg?icon'
import { icon as arrowUp } from 'lucide-static/icons/arrow-up.svg?icon'
import { icon as atSign } from 'lucide-static/icons/at-sign.svg?icon'
import { icon as bookOpen } from 'lucide-static/icons/book-open.svg?icon'
import { icon as check } from 'lucide-static/icons/check.svg?icon'
import { icon as chevronDown } from 'lucide-static/icons/chevron-down.svg?icon'
import { icon as chevronUp } from 'lucide-static/icons/chevron-up.svg?icon'
import { icon as copy } from 'lucide-static/icons/copy.svg?icon'
import { icon as download } from 'lucide-static/icons/download.svg?icon'
import { icon as ellipsis } from 'lucide-static/icons/ellipsis.svg?icon'
import { icon as externalLink } from 'lucide-static/icons/external-link.svg?icon'
import { icon as eye } from 'lucide-static/icons/eye.svg?icon'
import { icon as file } from 'lucide-static/icons/file.svg?icon'
import { icon as fileImage } from 'lucide-static/icons/file-image.svg?icon'
import { icon as flag } from 'lucide-static/icons/flag.svg?icon'
import { icon as history } from 'lucide-static/icons/history.svg?icon'
import { icon as imageOff } from 'lucide-static/icons/image-off.svg?icon'
import { icon as inbox } from 'lucide-static/icons/inbox.svg?icon'
import { icon as keyboard } from 'lucide-static/icons/keyboard.svg?icon'
import { icon as lockOpen } from 'lucide-static/icons/lock-open.svg?icon'
import { icon as mail } from 'lucide-static/icons/mail.svg?icon'
import { icon as mailOpen } from 'lucide-static/icons/mail-open.svg?icon'
import { icon as mailX } from 'lucide-static/icons/mail-x.svg?icon'
import { icon as menu } from 'lucide-static/icons/menu.svg?icon'
import { icon as minus } from 'lucide-static/icons/minus.svg?icon'
import { icon as panelLeftClose } from 'lucide-static/icons/panel-left-close.svg?icon'
import { icon as panelLeftOpen } from 'lucide-static/icons/panel-left-open.svg?icon'
import { icon as paperclip } from 'lucide-static/icons/paperclip.svg?icon'
import { icon as plug } from 'lucide-static/icons/plug.svg?icon'
import { icon as plus } from 'lucide-static/icons/plus.svg?icon'
import { icon as printer } from 'lucide-static/icons/printer.svg?icon'
import { icon as rows2 } from 'lucide-static/icons/rows-2.svg?icon'
import { icon as rows4 } from 'lucide-static/icons/rows-4.svg?icon'
import { icon as search } from 'lucide-static/icons/search.svg?icon'
import { icon as searchX } from 'lucide-static/icons/search-x.svg?icon'
import { icon as send } from 'lucide-static/icons/send.svg?icon'
import { icon as settings } from 'lucide-static/icons/settings.svg?icon'
import { icon as squarePen } from 'lucide-static/icons/square-pen.svg?icon'
import { icon as tag } from 'lucide-static/icons/tag.svg?icon'
import { icon as trash } from 'lucide-static/icons/trash-2.svg?icon'
import { icon as triangleAlert } from 'lucide-static/icons/triangle-alert.svg?icon'
import { icon as upload } from 'lucide-static/icons/upload.svg?icon'
import { icon as userRound } from 'lucide-static/icons/user-round.svg?icon'
import { icon as x } from 'lucide-static/icons/x.svg?icon'
import { h } from 'preact'

const icons = {
  arrowLeft,
  arrowUp,
  atSign,
  bookOpen,
  check,
  chevronDown,
  chevronUp,
  copy,
  download,
  ellipsis,
  externalLink,
  eye,
  file,
  fileImage,
  history,
  flag,
  imageOff,
  inbox,
  keyboard,
  lockOpen,
  mail,
  mailOpen,
  mailX,
  menu,
  panelLeftClose,
  panelLeftOpen,
  minus,
  paperclip,
  plug,
  plus,
  printer,
  rows2,
  rows4,
  search,
  searchX,
  send,
  settings,
  tag,
  trash,
  triangleAlert,
  userRound,
  squarePen,
  upload,
  x,
}

export type IconName = keyof typeof icons

/** A drawing beside words, or in a button that has a name of its own: hidden from screen readers. */
export const Icon = ({ name, size = 16 }: { name: IconName; size?: number }) => (
  <svg
    class="icon"
    width={size}
    height={size}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width={size > 24 ? 1.25 : 1.9}
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    {icons[name].map(([element, attributes]) => h(element, attributes))}
  </svg>
)
