/** Lines of agents up to v1.2.1, which log fields, in the words of later agents. */
import { z } from 'zod'
import { v4Text, v6Text } from '../codecs/address.ts'

/** A key as agents up to v1.0.7 log it. Addresses: an IPv4 address is its four bytes as a number, lowest byte first; an IPv6 address 16 bytes. */
const address = z.union([
  z.number().transform((value) => v4Text(Uint8Array.from([0, 8, 16, 24].map((bits) => value >>> bits)), 0)),
  z.array(z.number()).transform((bytes) => v6Text(Uint8Array.from(bytes), 0)),
])
const keySchema = z
  .looseObject({
    Source_ip: address,
    Source_port: z.number(),
    Dest_ip: address,
    Dest_port: z.number(),
    Protocol: z.number(),
  })
  .transform(
    (key) =>
      `Source IP - ${key.Source_ip} Source port - ${key.Source_port} Dest IP - ${key.Dest_ip} Dest port - ${key.Dest_port} Protocol - ${key.Protocol}`,
  )

const deleteSchema = z
  .looseObject({ msg: z.literal('Conntrack cleanup'), 'Delete - ': z.union([z.string(), keySchema]) })
  .transform((line) => `Conntrack cleanup Delete - ${line['Delete - ']}`)

const flowSchema = z
  .looseObject({
    msg: z.string().startsWith('Flow Info:'),
    'Src IP': z.string(),
    'Src Port': z.number(),
    'Dest IP': z.string(),
    'Dest Port': z.number(),
    Proto: z.string(),
    Verdict: z.string(),
  })
  .transform(
    (line) =>
      `Flow Info: Src IP: ${line['Src IP']} Src Port: ${line['Src Port']} Dest IP: ${line['Dest IP']} Dest Port: ${line['Dest Port']} Proto: ${line.Proto} Verdict: ${line.Verdict}`,
  )

const earlySchema = z.union([deleteSchema, flowSchema])

/** Messages of lines with such fields. Checked first, because a failed check of the schemas is slow. */
const earlyMessage = /^(?:Conntrack cleanup|Flow Info:\s*)$/

/** @param line of the log @returns the words of later agents; undefined if it has none of these fields */
export const earlyWords = (line: { readonly msg: string }): string | undefined =>
  earlyMessage.test(line.msg) ? earlySchema.safeParse(line).data : undefined
