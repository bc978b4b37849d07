import { useEffect, useState } from 'preact/hooks'
import { announce } from '../announce.ts'
import { IconButton } from './button.tsx'

/** Puts a text on the clipboard; a tick says that it did. */
export const CopyButton = ({ text, label }: { text: string; label: string }) => {
  const [outcome, setOutcome] = useState<'done' | 'failed' | null>(null)
  useEffect(() => {
    if (outcome === null) return
    const timer = setTimeout(() => setOutcome(null), 1500)
    return () => clearTimeout(timer)
  }, [outcome])
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text)
      announce('Copied')
      setOutcome('done')
    } catch {
      // No clipboard outside a secure context: the text is there to be selected.
      announce('Could not copy')
      setOutcome('failed')
    }
  }
  return (
    <IconButton
      icon={outcome === 'done' ? 'check' : outcome === 'failed' ? 'x' : 'copy'}
      label={outcome === 'failed' ? 'Could not copy' : label}
      onClick={() => void copy()}
    />
  )
}
