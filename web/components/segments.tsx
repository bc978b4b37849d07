/** A few choices side by side, of which one holds. */
export function Segments<T extends string | number | null>({
  label,
  choices,
  value,
  onChoose,
  testId,
}: {
  label: string
  choices: readonly { readonly value: T; readonly text: string; readonly title?: string }[]
  value: T
  onChoose: (value: T) => void
  testId: string
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is laid out in a way of its own
    <div class="option-row" role="group" aria-label={label} data-testid={testId}>
      {choices.map(choice => (
        <button
          key={`${choice.value}`}
          type="button"
          aria-pressed={choice.value === value}
          title={choice.title}
          data-testid={`${testId}-${choice.value}`}
          onClick={() => onChoose(choice.value)}
        >
          {choice.text}
        </button>
      ))}
    </div>
  )
}
