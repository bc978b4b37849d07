/** Said in more than one room. */
export const common = {
  close: 'Close',
  cancel: 'Cancel',
  tryAgain: 'Try again',
  copy: 'Copy',
  copied: 'Copied',
  download: 'Download',
  notLoaded: 'This part of the page could not be loaded',
  reload: 'Load the page anew',
  noAnswer: 'No answer',
  answered: (status: number) => `The server answered ${status}`,
  readOnly: 'Not connected to Mailcatch: nothing can be changed just now',
  noRecipients: 'no recipients',
} as const
