const unread = 'is:unread'

/** Whether a search has the word `is:unread`. */
export const isUnreadOnly = (q: string): boolean => q.split(/\s+/).includes(unread)

/** The search with the word `is:unread`, or without it; other words stay as they are. */
export const withUnreadOnly = (q: string, isOnly: boolean): string => {
  const others = q.replace(/(^|\s+)is:unread(?=\s|$)/g, '').trim()
  return isOnly ? `${others} ${unread}`.trim() : others
}
