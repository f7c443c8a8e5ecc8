/** Names the image of an agent's container, and compares two by what the node runs. */

interface Image {
  /** As the pod names it, e.g. with a tag, which may be moved. */
  readonly image: string
  /** What the node runs: `registry/agent@sha256:…`, or `sha256:…` of a local image. Undefined until the node has the image. */
  readonly imageId?: string | undefined
}

/** @returns `sha256:…`; the same image has another name in front of it on a node into which it was loaded from an archive */
export const digestOf = ({ imageId }: Pick<Image, 'imageId'>): string | undefined =>
  imageId?.replace(/^.*(?=sha256:)/, '')

const algorithm = 'sha256:'
/** Enough to find the image, and short enough to read. */
const digestDigits = 12

/** @returns the name of the image, and the beginning of its digest, unless the name has it */
export function imageText(image: Image): string {
  const digest = digestOf(image)?.slice(0, algorithm.length + digestDigits)
  return digest === undefined || image.image.includes(digest) ? image.image : `${image.image} (${digest})`
}
