import type { MessageDetail } from '../../server/http/resources.ts'
import { htmlUrl, plainHtmlUrl } from '../api.ts'
import { isRemoteShown } from '../message.ts'
import { previewScheme, previewZoom, type Scheme, schemes, zoomBy } from '../preview.ts'
import { previewWidth, previewWidths, setPreviewWidth } from '../settings.ts'
import { laterStrings } from '../strings-later.ts'
import { IconButton, IconLink } from './button.tsx'
import { CopyButton } from './copy-button.tsx'
import { Segments } from './segments.tsx'

const isScheme = (name: string): name is Scheme => schemes.some(scheme => scheme === name)

/** How wide, how large, how dark the mail is shown, and the ways to have it alone. */
export const PreviewToolbar = ({ message }: { message: MessageDetail }) => {
  const words = laterStrings.preview
  const { id } = message
  const alone = htmlUrl(id, { isRemoteShown: isRemoteShown(message) })
  return (
    <div
      class="preview-toolbar"
      role="toolbar"
      aria-label={words.toolbar}
      data-testid="preview-toolbar"
    >
      <Segments
        label={words.widths}
        testId="preview-width"
        choices={previewWidths.presets.map(value => ({
          value,
          text: value === null ? words.full : `${value}`,
          title: words.width(value),
        }))}
        value={previewWidth.value}
        onChoose={setPreviewWidth}
      />
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is laid out in a way of its own */}
      <span class="preview-zoom" role="group" aria-label={words.zoom(previewZoom.value)}>
        <IconButton
          icon="minus"
          label={words.smaller}
          testId="zoom-out"
          onClick={() => zoomBy(-1)}
        />
        <span data-testid="zoom">{words.percent(previewZoom.value)}</span>
        <IconButton icon="plus" label={words.larger} testId="zoom-in" onClick={() => zoomBy(1)} />
      </span>
      <select
        class="select"
        aria-label={words.scheme}
        value={previewScheme.value}
        data-testid="preview-scheme"
        onChange={({ currentTarget: { value } }) => {
          if (isScheme(value)) previewScheme.value = value
        }}
      >
        {schemes.map(scheme => (
          <option key={scheme} value={scheme}>
            {words.schemes[scheme]}
          </option>
        ))}
      </select>
      <span class="message-tools-gap" />
      <IconLink href={alone} icon="printer" label={words.print} />
      <IconLink href={alone} icon="externalLink" label={words.openAlone} />
      <CopyButton text={new URL(plainHtmlUrl(id), location.href).href} label={words.copyAlone} />
    </div>
  )
}
