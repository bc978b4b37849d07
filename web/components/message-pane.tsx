import { useEffect, useRef } from 'preact/hooks'
import { move, toInbox } from '../actions.ts'
import { isSplit } from '../layout.ts'
import { opened, reopen, shownTab } from '../message.ts'
import { AttachmentList } from './attachment-list.tsx'
import { Button } from './button.tsx'
import { HeadersTable } from './headers-table.tsx'
import { HtmlPreview } from './html-preview.tsx'
import { Icon, type IconName } from './icon.tsx'
import { MessageHeader } from './message-header.tsx'
import { SourceView } from './source-view.tsx'
import { TabBar } from './tab-bar.tsx'
import { TextView } from './text-view.tsx'
import { WarningList } from './warning-list.tsx'

const Notice = ({
  icon,
  title,
  children,
  testId,
}: {
  icon: IconName
  title: string
  children?: preact.ComponentChildren
  testId: string
}) => (
  <div class="nothing" data-testid={testId}>
    <Icon name={icon} size={32} />
    <h2>{title}</h2>
    {children}
  </div>
)

const Pick = () => (
  <Notice icon="mailOpen" title="No message open" testId="no-message">
    <p class="not-touch hint">
      <kbd>j</kbd> <kbd>k</kbd> to move, <kbd>Enter</kbd> to open, <kbd>?</kbd> for all keys
    </p>
  </Notice>
)

const Gone = () => (
  <p class="banner" role="status" data-testid="gone">
    <span>This message was deleted.</span>
    <Button kind="quiet" onClick={() => move(1)}>
      Next message
    </Button>
  </p>
)

const TabPanel = () => {
  const shown = opened.value
  if (shown.is !== 'ready') return null
  const { message } = shown
  const tab = shownTab.value
  return (
    <div class="tab-panel" role="tabpanel" id="tab-panel" aria-labelledby={`tab-${tab}`}>
      {tab === 'html' && <HtmlPreview message={message} />}
      {tab === 'text' && <TextView message={message} />}
      {tab === 'source' && <SourceView message={message} />}
      {tab === 'headers' && <HeadersTable message={message} />}
    </div>
  )
}

const Body = () => {
  const shown = opened.value
  switch (shown.is) {
    case 'none':
      return <Pick />
    case 'loading':
      return <div class="message-loading" aria-busy="true" data-testid="message-loading" />
    case 'missing':
      return (
        <Notice icon="mailX" title={`There is no message ${shown.id}`} testId="missing">
          <p>It was deleted, dropped at a limit, or never there.</p>
          <Button onClick={toInbox}>Back to the inbox</Button>
        </Notice>
      )
    case 'failed':
      return (
        <Notice icon="triangleAlert" title="The message could not be read" testId="message-error">
          <p role="alert">{shown.error.message}</p>
          <Button onClick={reopen}>Try again</Button>
        </Notice>
      )
    case 'ready':
      return (
        <>
          {shown.isGone && <Gone />}
          <MessageHeader message={shown.message} />
          <AttachmentList message={shown.message} />
          <WarningList message={shown.message} />
          <TabBar />
          <TabPanel />
        </>
      )
  }
}

export const MessagePane = () => {
  const pane = useRef<HTMLElement>(null)
  const id = opened.value.is === 'ready' ? opened.value.message.id : null
  // Where the message covers the list, the focus goes with it; beside the list it stays on the row.
  useEffect(() => {
    if (id !== null && !isSplit.value) pane.current?.focus({ preventScroll: true })
  }, [id])
  return (
    <section
      ref={pane}
      class="message-pane"
      tabIndex={-1}
      aria-label="Message"
      data-testid="message"
    >
      <Body />
    </section>
  )
}
