import { useEffect, useRef } from 'preact/hooks'
import { toInbox } from '../actions.ts'
import { isSplit } from '../layout.ts'
import { opened, reopen } from '../message.ts'
import { strings } from '../strings.ts'
import { Button } from './button.tsx'
import { Icon, type IconName } from './icon.tsx'
import { lazy } from './lazy.tsx'

const loadOpened = () => import('./opened-message.tsx')
const OpenedMessage = lazy(async () => (await loadOpened()).OpenedMessage)

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
      return <OpenedMessage message={shown.message} isGone={shown.isGone} />
  }
}

export const MessagePane = () => {
  const pane = useRef<HTMLElement>(null)
  const id = opened.value.is === 'ready' ? opened.value.message.id : null
  // The first message is not to wait for what shows it; where that cannot be loaded, it will say so itself.
  useEffect(() => {
    const timer = setTimeout(() => void loadOpened().catch(() => {}), 1_000)
    return () => clearTimeout(timer)
  }, [])
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
