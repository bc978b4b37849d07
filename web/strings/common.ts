/** Said in more than one room. */
export const common = {
  close: 'Close',
  cancel: 'Cancel',
  tryAgain: 'Try again',
  copy: 'Copy',
  copied: 'Copied',
  download: 'Download',
} as const
