import { expect, test } from 'vitest'
import { PodCounts, podsByAddress } from './pods.ts'

/** As VPC CNI 1.12 and later writes it. */
const file = JSON.stringify({
  version: 'vpc-cni-ipam/1',
  allocations: [
    {
      networkName: 'aws-cni',
      containerID: 'f2a5',
      ifName: 'eth0',
      ipv4: '192.168.7.9',
      allocationTimestamp: 1764300000000000000,
      metadata: { k8sPodNamespace: 'shop', k8sPodName: 'cart-5d', interfacesCount: 1 },
    },
    {
      networkName: 'aws-cni',
      containerID: '77',
      ifName: 'eth0',
      ipv6: 'fd00::7',
      metadata: { k8sPodNamespace: 'shop', k8sPodName: 'api-0' },
    },
    // Taken over from a CNI that did not know the pods' names.
    { networkName: '_migrated-from-cri', containerID: '78', ifName: 'unknown', ipv4: '192.168.7.10' },
  ],
})

test('pods have their names by their addresses', () => {
  expect([...(podsByAddress(file) ?? [])]).toEqual([
    ['192.168.7.9', { namespace: 'shop', name: 'cart-5d' }],
    ['fd00::7', { namespace: 'shop', name: 'api-0' }],
  ])
})

test.for(['', '{', '[]', '{"allocations": [{"ipv4": 4}]}'])('a file of another form names no pod: %j', (text) => {
  expect(podsByAddress(text)).toBeUndefined()
})

test('pods beyond the limit are counted together, and those before it are still counted by name', () => {
  const counts = new PodCounts()
  for (let number = 0; number < 600; number++) counts.add({ namespace: 'shop', name: `pod-${number}` })
  counts.add({ namespace: 'shop', name: 'pod-0' })
  expect(counts.all).toHaveLength(501)
  expect(counts.all[0]).toEqual({ pod: { namespace: 'shop', name: 'pod-0' }, count: 2 })
  expect(counts.all.at(-1)).toEqual({ pod: { namespace: '', name: 'other pods' }, count: 100 })
})
