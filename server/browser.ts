import { spawn } from 'node:child_process'

/**
 * Opens a URL of ours in the person's browser: no shell, the URL is one argument.
 * Rejects where there is no command for it, or it says that it failed.
 */
export function openBrowser(
  url: string,
  platform: NodeJS.Platform = process.platform,
): Promise<void> {
  const [command, ...args] = browserCommand(url, platform)
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'ignore', detached: true })
    child.once('error', reject)
    child.once('spawn', resolve)
    child.unref()
  })
}

export function browserCommand(url: string, platform: NodeJS.Platform): [string, ...string[]] {
  if (platform === 'darwin') return ['open', url]
  // `start` is a word of the shell; this is what it calls.
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url]
  return ['xdg-open', url]
}
