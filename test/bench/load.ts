import { dataOf, Sender } from '../helpers/sender.ts'
import { type Mix, mailOf } from './mails.ts'

/** `load.ts PORT CONNECTIONS COUNT MIX`: sends mails as fast as they are acknowledged, prints the seconds it took. */
const [port = '0', connections = '1', count = '1', mix = 'small'] = process.argv.slice(2)

const kinds = Array.from({ length: 100 }, (_, serial) => dataOf(mailOf(mix as Mix, serial)))
const senders = await Promise.all(
  Array.from({ length: Number(connections) }, () => Sender.open(Number(port))),
)
let next = 0
const send = async (sender: Sender, upto: number): Promise<void> => {
  while (next < upto) {
    const data = kinds[next++ % kinds.length] as Buffer
    await sender.send(data, 'shop@example.com', 'customer@example.org')
  }
}
const start = process.hrtime.bigint()
await Promise.all(senders.map(sender => send(sender, Number(count))))
const seconds = Number(process.hrtime.bigint() - start) / 1e9
for (const sender of senders) sender.close()
process.stdout.write(seconds.toFixed(3))
