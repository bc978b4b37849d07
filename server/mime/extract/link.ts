/**
 * What a link is for:
 * - `action`: what the mail asks its reader to do (confirm, reset, sign in …); several where it asks for several things
 * - `unsubscribe`
 * - `mailto`, `tel`: to write to or call somebody
 * - `link`: any other address that a browser or an app opens
 * - `image`: no link, but a picture that the mail loads
 * - `other`: leads nowhere (`#`, `javascript:`, a path without a host, a placeholder)
 */
export type LinkKind = 'action' | 'unsubscribe' | 'mailto' | 'tel' | 'link' | 'image' | 'other'

/** An address in a mail. */
export type Link = {
  /** As it is written, without character references and white space around it. */
  readonly href: string
  /** What a person reads on it: its text, or that of the picture in it; in plain text the words before it. */
  readonly text: string
  readonly kind: LinkKind
  /** The number of the MIME part that it is in. */
  readonly part: string
}

/** Links of one mail, pictures not counted; and pictures. What is beyond is left out. */
export const MAX_LINKS = 500
export const MAX_IMAGES = 200

/** Characters of an address; one that is longer is left out, since a shorter one would lead elsewhere. */
export const MAX_HREF = 8 * 1024

/** Whether somebody can follow it. */
export const isFollowed = ({ kind }: Link): boolean => kind !== 'image' && kind !== 'other'
