/**
 * What a hostile page does to the address of somebody else, by name. Each answers what the page can tell of it:
 * `read` or `load` where something came, `refused` where nothing did, `sent` where it never learns.
 */
export type Attacks = Readonly<Record<string, (url: string) => Promise<string>>>

/** Runs in the page, before its own scripts. The text is JSON that would be a message, and a form's field as well. */
export function armPage(): void {
  const message = '{"from":"a@b.example","subject":"Forged","text":"='
  const rest = '"}'

  /** Puts an element there, and hears how it ends. */
  const element = (name: string, attributes: Record<string, string>): Promise<string> =>
    new Promise(resolve => {
      const made = document.createElement(name)
      made.addEventListener('load', () => resolve('load'))
      made.addEventListener('loadedmetadata', () => resolve('load'))
      made.addEventListener('error', () => resolve('refused'))
      for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
      document.body.append(made)
    })

  /** Sends a form into a frame of the page, which tells that something came whatever it is. */
  const form = (
    action: string,
    enctype: string,
    fields: Record<string, string>,
    method = 'post',
  ): Promise<string> =>
    new Promise(resolve => {
      const frame = document.createElement('iframe')
      frame.name = `sink${document.querySelectorAll('iframe').length}`
      document.body.append(frame)
      const made = document.createElement('form')
      Object.assign(made, { action, enctype, target: frame.name })
      made.setAttribute('method', method)
      for (const [name, value] of Object.entries(fields)) {
        const input = document.createElement('textarea')
        Object.assign(input, { name, value })
        made.append(input)
      }
      document.body.append(made)
      frame.addEventListener('load', () => resolve('sent'))
      made.submit()
    })

  const ask = (url: string, init: RequestInit): Promise<string> =>
    fetch(url, { credentials: 'include', ...init }).then(
      response => (response.type === 'opaque' ? 'load' : 'read'),
      () => 'refused',
    )
  const quietly = (url: string, body: BodyInit | null, headers: Record<string, string> = {}) =>
    ask(url, { mode: 'no-cors', method: 'POST', body, headers })
  const json = { 'content-type': 'application/json' }
  const around = (url: string): string => `/redirect?to=${encodeURIComponent(url)}`
  const multipart = (): FormData => {
    const data = new FormData()
    data.set(message, rest)
    return data
  }
  const styled = (css: string): Promise<string> => {
    const style = document.createElement('style')
    style.textContent = css
    document.body.append(style)
    return Promise.resolve('sent')
  }

  const attacks: Attacks = {
    'form, urlencoded': url => form(url, 'application/x-www-form-urlencoded', { [message]: rest }),
    'form, multipart': url => form(url, 'multipart/form-data', { [message]: rest }),
    'form, text/plain shaped as JSON': url => form(url, 'text/plain', { [message]: rest }),
    'form, without fields': url => form(url, 'text/plain', {}),
    'form, by way of a redirect': url => form(around(url), 'text/plain', { [message]: rest }),
    'form, GET': url => form(url, '', Object.fromEntries(new URL(url).searchParams), 'get'),
    'form, DELETE': url => form(url, '', Object.fromEntries(new URL(url).searchParams), 'delete'),
    'no-cors fetch, text/plain': url => quietly(url, message + rest),
    'no-cors fetch, urlencoded': url => quietly(url, new URLSearchParams({ [message]: rest })),
    'no-cors fetch, multipart': url => quietly(url, multipart()),
    'no-cors fetch, no type': url => quietly(url, new Blob([message + rest])),
    'no-cors fetch, a type that is none of a form': url => quietly(url, message + rest, json),
    'no-cors fetch, empty': url => quietly(url, null),
    'no-cors fetch, by way of a redirect': url => quietly(around(url), message + rest),
    'no-cors fetch, GET': url => ask(url, { mode: 'no-cors' }),
    'cors fetch, GET': url => ask(url, {}),
    'cors fetch, text/plain': url => ask(url, { method: 'POST', body: message + rest }),
    'cors fetch, urlencoded': url =>
      ask(url, { method: 'POST', body: new URLSearchParams({ [message]: rest }) }),
    'cors fetch, multipart': url => ask(url, { method: 'POST', body: multipart() }),
    'cors fetch, JSON': url => ask(url, { method: 'POST', body: message + rest, headers: json }),
    'cors fetch, PATCH': url => ask(url, { method: 'PATCH', body: '{}', headers: json }),
    'cors fetch, DELETE': url => ask(url, { method: 'DELETE' }),
    'beacon, text': async url => (navigator.sendBeacon(url, message + rest) ? 'sent' : 'refused'),
    'beacon, JSON': async url =>
      navigator.sendBeacon(url, new Blob([message + rest], { type: 'application/json' }))
        ? 'sent'
        : 'refused',
    ping: async url => {
      const link = document.createElement('a')
      link.href = '#'
      link.setAttribute('ping', url)
      document.body.append(link)
      link.click()
      return 'sent'
    },
    'report of a broken policy': url =>
      element('iframe', { src: `/report?to=${encodeURIComponent(url)}` }).then(() => 'sent'),
    image: url => element('img', { src: url }),
    'input of type image': url => element('input', { type: 'image', src: url }),
    script: url => element('script', { src: url }),
    'module script': url => element('script', { src: url, type: 'module' }),
    'style sheet': url => element('link', { rel: 'stylesheet', href: url }),
    prefetch: url => element('link', { rel: 'prefetch', href: url }),
    preload: url => element('link', { rel: 'preload', as: 'image', href: url }),
    'module preload': url => element('link', { rel: 'modulepreload', href: url }),
    video: url => element('video', { src: url }),
    'style sheet, imported': url => styled(`@import url(${JSON.stringify(url)})`),
    'picture of a style': url => {
      document.body.style.backgroundImage += `${document.body.style.backgroundImage && ','}url(${JSON.stringify(url)})`
      return Promise.resolve('sent')
    },
    frame: url => element('iframe', { src: url }).then(() => 'sent'),
    object: url => element('object', { data: url }).then(() => 'sent'),
    embed: url => element('embed', { src: url }).then(() => 'sent'),
    'stream of events': url =>
      new Promise(resolve => {
        const source = new EventSource(url)
        source.onmessage = () => resolve('read')
        source.onerror = () => {
          source.close()
          resolve('refused')
        }
      }),
    WebSocket: url =>
      new Promise(resolve => {
        const socket = new WebSocket(url.replace(/^http/, 'ws'))
        socket.onmessage = ({ data }) => resolve(`read ${data}`)
        socket.onclose = () => resolve('refused')
      }),
  }
  Object.assign(globalThis, { attacks })
}
