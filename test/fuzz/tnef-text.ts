import type { Random } from '../helpers/random.ts'
import { several } from './several.ts'

const u16 = (value: number) => Buffer.from([value & 255, (value >> 8) & 255])
const u32 = (value: number) => Buffer.concat([u16(value & 0xffff), u16(value >>> 16)])
const padded = (octets: Buffer) =>
  Buffer.concat([octets, Buffer.alloc((4 - (octets.length % 4)) % 4)])
const attribute = (level: number, id: number, data: Buffer) =>
  Buffer.concat([Buffer.from([level]), u32(id), u32(data.length), data, u16(0)])

/** A MAPI property of any type, by the types' own rules or not. */
const property = (random: Random): Buffer => {
  const type = random.pick([
    0x02, 0x03, 0x05, 0x0b, 0x0d, 0x1e, 0x1f, 0x40, 0x48, 0x0102, 0x1003, 0x101f, 0xffff,
  ])
  const id = random.pick([0x3707, 0x370e, 0x3701, 0x8001, 0xffff])
  const octets = Buffer.from(
    random.pick(['a.txt\0', 'text/plain\0', '', '\ud83d', '../x']),
    type === 0x1f ? 'utf16le' : 'latin1',
  )
  const named = id >= 0x8000 ? [Buffer.alloc(16), u32(random.integer(2)), u32(0)] : []
  const counts = random.chance(0.8) ? [u32(1), u32(octets.length)] : [u32(0xffffffff)]
  return Buffer.concat([u16(type), u16(id), ...named, ...counts, padded(octets)])
}

const properties = (random: Random): Buffer => {
  const all = Array.from({ length: random.integer(4) }, () => property(random))
  return Buffer.concat([u32(random.chance(0.9) ? all.length : 0xffffffff), ...all])
}

/** A winmail.dat ([MS-OXTNEF]), as text with one character an octet. */
export const winmail = (random: Random): string => {
  const attributes = several(random, 6, () => {
    const [level, id] = random.pick([
      [1, 0x00089006],
      [2, 0x00069002],
      [2, 0x00018010],
      [2, 0x0006800f],
      [2, 0x00069005],
      [2, 0x00069005],
    ] as const)
    const isNames = id === 0x00069005
    const data = isNames
      ? properties(random)
      : Buffer.from(random.pick(['', 'x.pdf\0', '%PDF-1.4']))
    return attribute(level, id, data).toString('latin1')
  })
  return u32(0x223e9f78).toString('latin1') + u16(1).toString('latin1') + attributes
}
