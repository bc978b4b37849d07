/** An element that a selector matches. */
export type SelectedElement = {
  /** In lower case. */
  readonly name: string
  /** Their names in lower case, their values decoded. */
  readonly attributes: Readonly<Record<string, string>>
  /** What a person would read in it, with a line for each block. */
  readonly text: string
  /** The element as the mail has it. */
  readonly html: string
}
