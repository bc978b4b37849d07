/**
 * The version of the files in a data directory. 1: the INBOX of the catch-all alone; 2: accounts and mailboxes, and bases of the
 * change log.
 */
export const schema = 2
