/** For tests: flows between addresses for documentation. */
import type { Tuple } from '../flow.ts'

export const tcp: Tuple = {
  protocol: 'tcp',
  source: { ip: '192.0.2.2', port: 40000 },
  destination: { ip: '198.51.100.2', port: 8080 },
}
export const udp6: Tuple = {
  protocol: 'udp',
  source: { ip: '2001:db8:1::2', port: 53 },
  destination: { ip: '2001:db8:2::2', port: 54 },
}
