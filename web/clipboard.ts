/** Puts a text on the clipboard. False where there is none: outside a secure context the text is there to be selected. */
export const copyText = async (text: string): Promise<boolean> => {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
