import { formatCount } from '../format.ts'

/** Tags on rows and messages, and the dialog that edits them. */
export const tags = {
  tags: 'Tags',
  said: (tags: readonly string[]) => `${tags.length === 1 ? 'tag' : 'tags'} ${tags.join(', ')}, `,
  find: (tag: string) => `Show everything with the tag ${tag}`,
  remove: (tag: string) => `Remove the tag ${tag}`,
  titleOf: (count: number) =>
    count === 1 ? 'Tags of this message' : `Tags of ${formatCount(count, 'message')}`,
  newTag: 'Find or add a tag',
  create: (tag: string) => `Add “${tag}”`,
  none: 'No tags yet. Type one and press Enter.',
  noneLike: 'No tag is like that.',
  some: 'on some',
  hint: 'Apps can tag too: an X-Tags field, or ann+invoice@example.com.',
} as const
