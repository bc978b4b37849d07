import { useEffect, useRef } from 'preact/hooks'
import { move, toInbox } from '../actions.ts'
import { isSplit } from '../layout.ts'
import { opened, reopen, shownTab } from '../message.ts'
import { strings } from '../strings.ts'
import { AttachmentList } from './attachment-list.tsx'
import { Button } from './button.tsx'
import { HtmlPreview } from './html-preview.tsx'
import { Icon, type IconName } from './icon.tsx'
import { lazy } from './lazy.tsx'
import { MessageHeader } from './message-header.tsx'
import { QuickStrip } from './quick-strip.tsx'
import { TabBar } from './tab-bar.tsx'
import { TextView } from './text-view.tsx'
import { WarningList } from './warning-list.tsx'

const SourceView = lazy(() => import('./source-view.tsx').then(file => file.SourceView))
const HeadersView = lazy(() => import('./headers-view.tsx').then(file => file.HeadersView))
const PartsView = lazy(() => import('./parts-view.tsx').then(file => file.PartsView))
const LinksView = lazy(() => import('./links-view.tsx').then(file => file.LinksView))
const ChecksPanel = lazy(() => import('./checks/checks-panel.tsx').then(file => file.ChecksPanel))
const SmtpView = lazy(() => import('./smtp-view.tsx').then(file => file.SmtpView))

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

const words = strings.message

const Pick = () => (
  <Notice icon="mailOpen" title={words.none} testId="no-message">
    <p class="not-touch hint">
      <kbd>j</kbd> <kbd>k</kbd> {words.keys.move} <kbd>Enter</kbd> {words.keys.open} <kbd>?</kbd>{' '}
      {words.keys.all}
    </p>
  </Notice>
)

const Gone = () => (
  <p class="banner" role="status" data-testid="gone">
    <span>{words.gone}</span>
    <Button kind="quiet" onClick={() => move(1)}>
      {words.next}
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
      {tab === 'headers' && <HeadersView message={message} />}
      {tab === 'parts' && <PartsView message={message} />}
      {tab === 'links' && <LinksView message={message} />}
      {tab === 'checks' && <ChecksPanel message={message} />}
      {tab === 'smtp' && <SmtpView message={message} />}
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
        <Notice icon="mailX" title={words.missing(shown.id)} testId="missing">
          <p>{words.missingWhy}</p>
          <Button onClick={toInbox}>{words.toInbox}</Button>
        </Notice>
      )
    case 'failed':
      return (
        <Notice icon="triangleAlert" title={words.unreadable} testId="message-error">
          <p role="alert">{shown.error.message}</p>
          <Button onClick={reopen}>{strings.common.tryAgain}</Button>
        </Notice>
      )
    case 'ready':
      return (
        <>
          {shown.isGone && <Gone />}
          <MessageHeader message={shown.message} />
          <QuickStrip />
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
      aria-label={words.label}
      data-testid="message"
    >
      <Body />
    </section>
  )
}
