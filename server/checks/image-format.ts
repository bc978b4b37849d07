/** Formats that images come in, by the ending of their address and by their media type. */
const ENDINGS: Readonly<Record<string, string>> = {
  apng: 'apng',
  avif: 'avif',
  bmp: 'bmp',
  gif: 'gif',
  hdr: 'hdr',
  heic: 'heif',
  heif: 'heif',
  ico: 'ico',
  jfif: 'jpg',
  jpeg: 'jpg',
  jpg: 'jpg',
  mp4: 'mp4',
  png: 'png',
  svg: 'svg',
  tif: 'tiff',
  tiff: 'tiff',
  webp: 'webp',
}

const TYPES: Readonly<Record<string, string>> = {
  'image/apng': 'apng',
  'image/avif': 'avif',
  'image/bmp': 'bmp',
  'image/gif': 'gif',
  'image/heic': 'heif',
  'image/heif': 'heif',
  'image/jpeg': 'jpg',
  'image/jpg': 'jpg',
  'image/pjpeg': 'jpg',
  'image/png': 'png',
  'image/svg+xml': 'svg',
  'image/tiff': 'tiff',
  'image/vnd.microsoft.icon': 'ico',
  'image/vnd.radiance': 'hdr',
  'image/webp': 'webp',
  'image/x-icon': 'ico',
  'video/mp4': 'mp4',
}

/** The format of a media type, in lower case; null where it is unknown. */
export const formatOfType = (type: string): string | null => TYPES[type] ?? null

/** The format that the address of an image tells, a `data:` one too; null where it tells none. */
export function formatOfAddress(address: string): string | null {
  const head = address.trim().slice(0, 2_000)
  const data = /^data:([a-z]+\/[a-z\d.+-]+)/i.exec(head)?.[1]
  if (data) return formatOfType(data.toLowerCase())
  const ending = /\.([a-z\d]{2,5})(?:[?#]|$)/i.exec(head)?.[1]
  return (ending && ENDINGS[ending.toLowerCase()]) ?? null
}
