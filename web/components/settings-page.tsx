import './settings.css'
import type { ComponentChildren } from 'preact'
import { isSheetOpen } from '../commands.ts'
import { isFollowing, toggleFollowing } from '../follow-newest.ts'
import { formatCount, formatNumber, formatSize } from '../format.ts'
import { isNotifying, permission, setNotifying } from '../notifications.ts'
import { stats } from '../server-stats.ts'
import {
  density,
  firstTab,
  firstTabs,
  hasShortcuts,
  previewWidth,
  previewWidths,
  theme,
  themes,
  timeZone,
  timeZones,
  trustedSenders,
  trustSender,
} from '../settings.ts'
import { strings } from '../strings.ts'
import { Button, IconButton } from './button.tsx'

const words = strings.settings

const Room = ({ title, children }: { title: string; children: ComponentChildren }) => (
  <section class="settings-room">
    <h2>{title}</h2>
    {children}
  </section>
)

/** One of a few: radio buttons that look like one switch. */
const Choice = <T extends string | number | null>({
  label,
  hint,
  value,
  values,
  name,
  onChoose,
}: {
  label: string
  hint?: string
  value: T
  values: readonly T[]
  name: (value: T) => string
  onChoose: (value: T) => void
}) => (
  <fieldset class="setting">
    <legend>{label}</legend>
    <span class="segments">
      {values.map(each => (
        <label key={each}>
          <input
            type="radio"
            name={label}
            checked={each === value}
            onChange={() => onChoose(each)}
          />
          <span>{name(each)}</span>
        </label>
      ))}
    </span>
    {hint && <p class="quiet">{hint}</p>}
  </fieldset>
)

const Switch = ({
  label,
  hint,
  isOn,
  why,
  testId,
  onToggle,
}: {
  label: string
  hint: string
  isOn: boolean
  why?: string | null
  testId: string
  onToggle: () => void
}) => (
  <div class="setting">
    <button
      type="button"
      class="switch"
      role="switch"
      aria-checked={isOn}
      aria-disabled={why ? true : undefined}
      aria-describedby={`${testId}-hint`}
      data-testid={testId}
      onClick={() => {
        if (!why) onToggle()
      }}
    >
      <span class="switch-knob" />
      {label}
    </button>
    <p class="quiet" id={`${testId}-hint`}>
      {why ?? hint}
    </p>
  </div>
)

const whyNoNotifications = (): string | null =>
  permission.value === 'unsupported'
    ? words.notificationsUnsupported
    : permission.value === 'denied'
      ? words.notificationsDenied
      : null

const Remote = () => {
  const senders = trustedSenders.value
  if (stats.value?.remoteAllowed) return <p class="quiet">{words.remoteAllowed}</p>
  if (senders.length === 0) return <p class="quiet">{words.remoteNone}</p>
  return (
    <ul class="setting-senders" data-testid="trusted-senders">
      {senders.map(sender => (
        <li key={sender}>
          {sender}
          <IconButton
            icon="x"
            label={words.remoteForget(sender)}
            onClick={() => trustSender(sender, false)}
          />
        </li>
      ))}
    </ul>
  )
}

const About = () => {
  const known = stats.value
  if (!known) return null
  return (
    <Room title={words.about}>
      <p>{words.version(known.version)}</p>
      <p class="quiet">
        {words.stored(formatCount(known.total, 'message'), formatSize(known.bytes))}
        <br />
        {words.limits(formatNumber(known.limits.maxMessages), formatSize(known.limits.maxBytes))}
      </p>
    </Room>
  )
}

/** What this browser remembers for the person. */
export const SettingsPage = () => (
  <div class="settings" data-testid="settings">
    <h1>{words.title}</h1>
    <p class="lead">{words.lead}</p>
    <Room title={words.appearance}>
      <Choice
        label={words.theme}
        value={theme.value}
        values={themes}
        name={each => words.themes[each]}
        onChoose={each => (theme.value = each)}
      />
      <Choice
        label={words.density}
        value={density.value}
        values={['comfortable', 'compact'] as const}
        name={each => words.densities[each]}
        onChoose={each => (density.value = each)}
      />
      <Choice
        label={words.timeZone}
        hint={words.timeZoneHint(Intl.DateTimeFormat().resolvedOptions().timeZone)}
        value={timeZone.value}
        values={timeZones}
        name={each => words.timeZones[each]}
        onChoose={each => (timeZone.value = each)}
      />
    </Room>
    <Room title={words.reading}>
      <Choice
        label={words.firstTab}
        hint={words.firstTabHint}
        value={firstTab.value}
        values={firstTabs}
        name={each => words.firstTabs[each]}
        onChoose={each => (firstTab.value = each)}
      />
      <Choice
        label={words.previewWidth}
        value={previewWidth.value}
        values={previewWidths.presets}
        name={words.previewWidths}
        onChoose={each => (previewWidth.value = each)}
      />
      <div class="setting">
        <h3>{words.remote}</h3>
        <Remote />
      </div>
    </Room>
    <Room title={words.attention}>
      <Switch
        label={words.notifications}
        hint={words.notificationsHint}
        isOn={isNotifying.value}
        why={whyNoNotifications()}
        testId="notifications"
        onToggle={() => void setNotifying(!isNotifying.value)}
      />
      <Switch
        label={words.follow}
        hint={words.followHint}
        isOn={isFollowing.value}
        testId="follow"
        onToggle={toggleFollowing}
      />
    </Room>
    <Room title={words.keyboard}>
      <Switch
        label={words.singleKeys}
        hint={words.singleKeysHint}
        isOn={hasShortcuts.value}
        testId="single-keys"
        onToggle={() => (hasShortcuts.value = !hasShortcuts.value)}
      />
      <Button onClick={() => (isSheetOpen.value = true)}>{words.showKeys}</Button>
    </Room>
    <About />
  </div>
)
