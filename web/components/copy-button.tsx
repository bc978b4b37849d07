import { useEffect, useState } from 'preact/hooks'
import { announce } from '../announce.ts'
import { copyText } from '../clipboard.ts'
import { strings } from '../strings.ts'
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
    const isCopied = await copyText(text)
    announce(isCopied ? strings.common.copied : strings.message.notCopied)
    setOutcome(isCopied ? 'done' : 'failed')
  }
  return (
    <IconButton
      icon={outcome === 'done' ? 'check' : outcome === 'failed' ? 'x' : 'copy'}
      label={outcome === 'failed' ? strings.message.notCopied : label}
      onClick={() => void copy()}
    />
  )
}
