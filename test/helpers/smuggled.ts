/** What ends a message for one server or another, and so hides a second one in the first (CVE-2023-51764 and on). */
export const falseEnds = [
  '\n.\n',
  '\n.\r\n',
  '\r\n.\n',
  '\r.\r',
  '\r\n.\r',
  '\r.\r\n',
  '\n.\r',
  '\r.\n',
  '\r\n\0.\r\n',
  '\r\n.\0\r\n',
  '\r\n.\r\0\n',
  '\r\r\n.\r\r\n',
]

/** What is sent for DATA: a message, and behind that end of it one from evil@example.com to b@example.com. */
export const smuggled = (end: string): string =>
  `Subject: outer\r\n\r\nfirst${end}MAIL FROM:<evil@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n` +
  'Subject: inner\r\n\r\nsecond\r\n.\r\n'

/**
 * The message in the lines of DATA: smtp-server leaves out one of two dots that begin a line (RFC 5321 §4.5.2), but, in
 * deviation from it, keeps a dot that is not doubled, and takes a bare LF for a line end here.
 */
export const unstuffed = (data: string): string => data.slice(0, -3).replaceAll('\n..', '\n.')
