import { expect, test } from 'vitest'
import { digestOf, imageText } from './image.ts'

const digest = `sha256:${'0123456789ab'.repeat(5)}0123`

test.for([
  { imageId: `registry/agent@${digest}`, text: 'agent:1 (sha256:0123456789ab)' },
  { imageId: digest, text: 'agent:1 (sha256:0123456789ab)' },
  { imageId: undefined, text: 'agent:1' },
])('an image is named with the beginning of its digest: $imageId', ({ imageId, text }) => {
  expect(imageText({ image: 'agent:1', imageId })).toBe(text)
})

test('a name that has the digest is not followed by it', () => {
  expect(imageText({ image: `agent@${digest}`, imageId: digest })).toBe(`agent@${digest}`)
})

test('a digest is the same, whatever the node calls the image', () => {
  expect(digestOf({ imageId: `registry/agent@${digest}` })).toBe(digestOf({ imageId: digest }))
})
