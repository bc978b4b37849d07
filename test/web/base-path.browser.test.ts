import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { closeStage, noBrowser, openInbox, openStage, type Stage } from '../helpers/browser.ts'
import { mail, put } from '../helpers/http-server.ts'

describe('the inbox below a path', { skip: noBrowser }, () => {
  let stage: Stage
  before(async () => {
    stage = await openStage()
  })
  after(() => closeStage(stage))

  it('works behind a proxy, deep links and what comes live too', async test => {
    const { page, store, faults, port } = await openInbox(test, stage, {
      server: { basePath: '/mail/' },
    })
    // As nginx does with `proxy_set_header Host $http_host`: everything else on the way is passed on.
    const proxy = createServer((incoming, answer) => {
      const { method, headers, url } = incoming
      const onward = request({ host: '127.0.0.1', port, method, headers, path: url }, reply => {
        answer.writeHead(reply.statusCode ?? 502, reply.headers)
        reply.pipe(answer)
      })
      incoming.pipe(onward)
    })
    proxy.on('upgrade', (incoming, socket) => {
      const onward = connect(port, '127.0.0.1', () => {
        const lines = [`GET ${incoming.url} HTTP/1.1`]
        for (let i = 0; i < incoming.rawHeaders.length; i += 2) {
          lines.push(`${incoming.rawHeaders[i]}: ${incoming.rawHeaders[i + 1]}`)
        }
        onward.write(`${lines.join('\r\n')}\r\n\r\n`)
        onward.pipe(socket).pipe(onward)
      })
      for (const end of [onward, socket]) end.on('error', () => {}) // the other end goes when one does
    })
    proxy.listen(0, '127.0.0.1')
    await once(proxy, 'listening')
    test.after(() => {
      proxy.close()
      proxy.closeAllConnections()
    })
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/mail/`

    await put(store, mail('One'))
    await page.goto(`${url}m/1/headers`)
    await page.getByTestId('headers').waitFor()
    await page.getByTestId('live').getByText('Live').waitFor()
    await put(store, mail('Two'))
    await page.getByRole('option', { name: /Two/ }).click()
    assert.equal(page.url(), `${url}m/2/headers`)
    await page.keyboard.press('g')
    await page.keyboard.press('s')
    await page.getByTestId('settings').waitFor()
    assert.equal(page.url(), `${url}settings`)
    await page.goBack()
    await page.getByTestId('headers').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('one')
    await page.getByTestId('list-count').getByText('1 result').waitFor()
    assert.equal(page.url(), `${url}?q=one`)
    assert.deepEqual(faults, [])
  })

  it('asks for a login with --auth, once, and is live after it', async test => {
    const auth = { user: 'ann', password: 'secret' }
    const { page, url, store, faults, ask } = await openInbox(test, stage, {
      server: { auth, basePath: '/mail/' },
      context: { httpCredentials: { username: auth.user, password: auth.password } },
    })
    assert.equal((await ask('/mail/')).status, 401)
    await put(store, mail('One'))
    await page.goto(url)
    await page.getByTestId('live').getByText('Live').waitFor()
    await put(store, mail('Two'))
    await page.getByRole('option', { name: /Two/ }).waitFor()
    await page.getByRole('option', { name: /One/ }).click()
    await page.getByTestId('subject').getByText('One').waitFor()
    assert.deepEqual(faults, [])
  })
})
