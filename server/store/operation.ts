import { readIdRanges } from './id-set.ts'
import { type Inbox, isInbox } from './inbox.ts'

/** A mailbox, as numbers of ours. */
export type Place = readonly [account: number, mailbox: number]

/** The INBOX of the catch-all: where an operation is that says nothing else. */
export const catchAllInbox: Place = [1, 1]

/**
 * Entries put into a mailbox that have their flags in common. The messages are named by their ids in the order of
 * the numbers; both sets ascend.
 */
export type Run = {
  readonly numbers: string
  readonly messages: string
  readonly flags?: readonly string[]
  readonly tags?: readonly string[]
  /** Milliseconds since 1970. */
  readonly savedAt: number
  /** One for all, or in the order of the numbers; left out where each is when its message was received. */
  readonly internalDates?: readonly number[]
}

/** What a transaction does; applied in the order of the log, live and at replay alike. */
export type Operation =
  /** No number at or above these has been given out: ids of entries, positions of the feed; and the last UIDVALIDITY. */
  | {
      readonly op: 'reserve'
      readonly ids: number
      readonly seqs: number
      readonly uidValidity?: number
      /** The UIDVALIDITY of the default mailboxes. */
      readonly defaults?: number
    }
  | {
      readonly op: 'update'
      readonly at?: Place
      readonly ids: string
      /** Instead of what they have. */
      readonly flags?: readonly string[]
      readonly addFlags?: readonly string[]
      readonly removeFlags?: readonly string[]
      /** Instead of what they have. */
      readonly tags?: readonly string[]
      readonly addTags?: readonly string[]
      readonly removeTags?: readonly string[]
    }
  | { readonly op: 'put'; readonly at?: Place; readonly runs: readonly Run[] }
  | {
      readonly op: 'remove'
      readonly at?: Place
      readonly ids: string
      readonly reason: 'deleted' | 'retention'
    }
  /** The mailbox gives out no UID below this any more. */
  | { readonly op: 'next'; readonly at?: Place; readonly uid: number }
  /** Of these messages the raw file is (still) there, and no entry of their own number. */
  | { readonly op: 'away'; readonly messages: string }
  | {
      readonly op: 'account'
      readonly account: number
      readonly name: string
      readonly nextMailbox: number
    }
  | {
      readonly op: 'mailbox'
      readonly account: number
      readonly mailbox: number
      readonly name: string
      readonly uidValidity: number
      readonly specialUse?: string
    }
  | {
      readonly op: 'rename'
      readonly account: number
      readonly names: readonly (readonly [mailbox: number, name: string])[]
    }
  | { readonly op: 'delete'; readonly account: number; readonly mailbox: number }
  | {
      readonly op: 'subscribe'
      readonly account: number
      readonly names: readonly string[]
      readonly isSubscribed: boolean
    }
  /** An inbox of the API, as it is from now on. */
  | { readonly op: 'inbox'; readonly inbox: Inbox }
  /** The inbox is no more, nor its account, with all that is in it. */
  | { readonly op: 'end-inbox'; readonly id: string }

/** Whether a damaged line did not come out as something else; throws where it comes out as nothing of the kind. */
export const isOperation = (operation: Operation): boolean => {
  switch (operation.op) {
    case 'reserve':
      return isNumber(operation.ids) && isCount(operation.seqs)
    case 'remove':
      return isPlace(operation.at) && isIdSet(operation.ids)
    case 'update': {
      const { at, ids, flags, addFlags, removeFlags, tags, addTags, removeTags } = operation
      const lists = [flags, addFlags, removeFlags, tags, addTags, removeTags]
      return isPlace(at) && isIdSet(ids) && lists.every(isTexts)
    }
    case 'put':
      return isPlace(operation.at) && operation.runs.every(isRun)
    case 'next':
      return isPlace(operation.at) && isNumber(operation.uid)
    case 'away':
      return isIdSet(operation.messages)
    case 'account':
      return isCount(operation.account) && isText(operation.name) && isCount(operation.nextMailbox)
    case 'mailbox':
      return (
        isPlace([operation.account, operation.mailbox]) &&
        isText(operation.name) &&
        isCount(operation.uidValidity)
      )
    case 'rename':
      return (
        isCount(operation.account) &&
        operation.names.every(([mailbox, name]) => isCount(mailbox) && isText(name))
      )
    case 'delete':
      // An INBOX is never deleted, and with that of the catch-all all mail would go.
      return isPlace([operation.account, operation.mailbox]) && operation.mailbox !== 1
    case 'subscribe':
      return isCount(operation.account) && operation.names.every(isText)
    case 'inbox':
      return isInbox(operation.inbox)
    case 'end-inbox':
      return isText(operation.id)
    default:
      return false
  }
}

const isRun = ({ numbers, messages, flags, tags, savedAt, internalDates }: Run): boolean =>
  countOf(numbers) === countOf(messages) &&
  isTexts(flags) &&
  isTexts(tags) &&
  isTime(savedAt) &&
  (internalDates === undefined || internalDates.every(isTime))

const isPlace = (at: Place | undefined): boolean =>
  at === undefined || (at.length === 2 && at.every(isCount))

const isCount = (value: unknown): boolean => Number.isSafeInteger(value)
/** Of an entry: what is larger cannot be written as an id, and no number would be left to give. */
const isNumber = (value: number): boolean => isCount(value) && value <= 9_999_999_999
/** Milliseconds since 1970, of which a date can be made. */
const isTime = (value: number): boolean => Number.isFinite(new Date(value).getTime())
const isText = (value: unknown): boolean => typeof value === 'string'
const isIdSet = (ids: string): boolean => Array.isArray(readIdRanges(ids))
/** How many ids; throws where the text is no set of them. */
const countOf = (ids: string): number =>
  readIdRanges(ids).reduce((sum, { first, last }) => sum + last - first + 1, 0)
const isTexts = (value: readonly string[] | undefined): boolean =>
  value === undefined || (Array.isArray(value) && value.every(isText))
