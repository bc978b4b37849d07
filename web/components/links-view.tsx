import { useMemo, useState } from 'preact/hooks'
import type { MessageDetail } from '../../server/http/resources.ts'
import { type Filter, filters, isWeb, passes, splitHost, type Target, targetsOf } from '../links.ts'
import { laterStrings } from '../strings-later.ts'
import { IconLink } from './button.tsx'
import { CopyButton } from './copy-button.tsx'
import { Growing } from './growing.tsx'
import { Icon } from './icon.tsx'
import { NotParsed } from './not-parsed.tsx'
import { ScrollRegion } from './scroll-region.tsx'
import { Segments } from './segments.tsx'
import { ShownText } from './shown-text.tsx'
import './inspect.css'

const LinkRow = ({ target }: { target: Target }) => {
  const words = laterStrings.links
  const { href, kind, texts, count, isInsecure } = target
  const [text = '', ...others] = texts
  const [before, host, after] = splitHost(href)
  return (
    <tr data-testid="link-row">
      <td class="link-text">
        {text ? <ShownText text={text} /> : <i class="quiet">{words.noText}</i>}
        {others.length > 0 && (
          <span class="quiet" title={others.slice(0, 20).join('\n')}>
            {' '}
            {words.otherTexts(others.length)}
          </span>
        )}
      </td>
      <td class="link-target">
        <ShownText text={before} />
        {host && <b>{host}</b>}
        <ShownText text={after} />
      </td>
      <td class="link-kind">
        <span class={`chip chip-${kind}`}>{words.kinds[kind]}</span>
        {count > 1 && <span class="chip">{words.times(count)}</span>}
        {isInsecure && (
          <span class="chip chip-warn">
            <Icon name="lockOpen" size={12} />
            {words.insecure}
          </span>
        )}
      </td>
      <td class="row-tools">
        <span>
          <CopyButton text={href} label={words.copy} />
          {isWeb(href) && <IconLink icon="externalLink" label={words.open} href={href} />}
        </span>
      </td>
    </tr>
  )
}

/** Where the mail leads to: every target once, in the order of the mail. */
export const LinksView = ({ message }: { message: MessageDetail }) => {
  const [filter, setFilter] = useState<Filter>('all')
  const words = laterStrings.links
  const targets = useMemo(() => targetsOf(message.links), [message.links])
  if (targets.length === 0) return <NotParsed message={message}>{words.none}</NotParsed>
  const found = targets.filter(target => passes(target, filter))
  const choices = filters.map(value => {
    const count = targets.filter(target => passes(target, value)).length
    return { value, text: `${words.filters[value]} ${count}` }
  })
  return (
    <>
      <div class="pane-bar">
        <Segments
          label={words.filter}
          testId="link-filter"
          choices={choices}
          value={filter}
          onChoose={setFilter}
        />
      </div>
      <ScrollRegion class="headers-view" label={words.label} testId="links">
        {found.length === 0 ? (
          <p class="nothing-here">{words.noneOfKind}</p>
        ) : (
          <table class="grid links-grid">
            <thead>
              <tr>
                <th scope="col">{words.text}</th>
                <th scope="col">{words.target}</th>
                <th scope="col">{words.kind}</th>
                <th scope="col">
                  <span class="hidden">{words.actions}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              <Growing
                items={found}
                of={`${message.id} ${filter}`}
                end={mark => (
                  <tr ref={mark}>
                    <td colSpan={4}>…</td>
                  </tr>
                )}
              >
                {target => (
                  <LinkRow key={`${target.kind === 'image'} ${target.href}`} target={target} />
                )}
              </Growing>
            </tbody>
          </table>
        )}
      </ScrollRegion>
    </>
  )
}
