import assert from 'node:assert/strict'
import { dataOf, Sender } from '../../helpers/sender.ts'
import { octetsOf } from './sent-mail.ts'
import { type Library, playRounds } from './told.ts'

/** `deleter.ts LIBRARY URL`: sends mail and deletes its own, again and again, until it is told to end. */
const [library = '', url = ''] = process.argv.slice(2)

const { connect } = (await import(library)) as Library
const client = await connect(url)
const sender = await Sender.open(client.smtp.port)

await playRounds(async round => {
  const inbox = await client.inbox('deleter')
  const to = inbox.address()
  const send = async (subject: string) => {
    const mail = octetsOf({ test: `deleter-${round}`, to, subject, html: '<p>To go</p>' })
    await sender.send(dataOf(mail), 'shop@example.com', to)
  }
  for (const subject of ['one', 'two', 'three']) await send(subject)
  await inbox.waitForAll(3, {}, { exact: true })
  await inbox.clear()
  await inbox.none()
  await send('four')
  const left = await inbox.all()
  assert.deepEqual(
    left.map(({ subject }) => subject),
    ['four'],
  )
  await inbox.remove()
  const { status } = await fetch(`${url}v1/messages/${left[0]?.id}`)
  assert.equal(status, 404, 'its mail went with it')
})
sender.close()
