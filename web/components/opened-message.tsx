import type { MessageDetail } from '../../server/http/resources.ts'
import { move } from '../actions.ts'
import { shownTab } from '../message.ts'
import { laterStrings } from '../strings-later.ts'
import { AttachmentList } from './attachment-list.tsx'
import { Button } from './button.tsx'
import { HtmlPreview } from './html-preview.tsx'
import { lazy } from './lazy.tsx'
import { MessageHeader } from './message-header.tsx'
import { QuickStrip } from './quick-strip.tsx'
import { TabBar } from './tab-bar.tsx'
import { TextView } from './text-view.tsx'
import { WarningList } from './warning-list.tsx'
import './opened-message.css'

const SourceView = lazy(() => import('./source-view.tsx').then(file => file.SourceView))
const HeadersView = lazy(() => import('./headers-view.tsx').then(file => file.HeadersView))
const PartsView = lazy(() => import('./parts-view.tsx').then(file => file.PartsView))
const LinksView = lazy(() => import('./links-view.tsx').then(file => file.LinksView))
const ChecksPanel = lazy(() => import('./checks/checks-panel.tsx').then(file => file.ChecksPanel))
const SmtpView = lazy(() => import('./smtp-view.tsx').then(file => file.SmtpView))

const Gone = () => (
  <p class="banner" role="status" data-testid="gone">
    <span>{laterStrings.opened.gone}</span>
    <Button kind="quiet" onClick={() => move(1)}>
      {laterStrings.opened.next}
    </Button>
  </p>
)

const TabPanel = ({ message }: { message: MessageDetail }) => {
  const tab = shownTab.value
  return (
    <div class="tab-panel" role="tabpanel" id="tab-panel" aria-labelledby={`tab-${tab}`}>
      {tab === 'html' && <HtmlPreview message={message} />}
      {tab === 'text' && <TextView message={message} />}
      {tab === 'source' && <SourceView message={message} />}
      {tab === 'headers' && <HeadersView message={message} />}
      {tab === 'parts' && <PartsView message={message} />}
      {tab === 'links' && <LinksView message={message} />}
      {tab === 'checks' && <ChecksPanel message={message} />}
      {tab === 'smtp' && <SmtpView message={message} />}
    </div>
  )
}

/** A message that has been read: what it is, what was found in it, and the view of it that is wanted. */
export const OpenedMessage = ({ message, isGone }: { message: MessageDetail; isGone: boolean }) => (
  <>
    {isGone && <Gone />}
    <MessageHeader message={message} />
    <QuickStrip />
    <AttachmentList message={message} />
    <WarningList message={message} />
    <TabBar />
    <TabPanel message={message} />
  </>
)
