/** Reads the agent's version from the name of its image, or from its log. */

/** Major, minor and patch. */
export type AgentVersion = readonly [number, number, number]

/**
 * @param image e.g. `registry:5000/amazon/aws-network-policy-agent:v1.4.3-eksbuild.1@sha256:…`
 * @returns undefined if the tag is not a version
 */
export function versionOf(image: string): AgentVersion | undefined {
  const tag = /:v?(\d+)\.(\d+)\.(\d+)(?![\d.])[^/:@]*(?:@.*)?$/.exec(image)
  return tag ? [Number(tag[1]), Number(tag[2]), Number(tag[3])] : undefined
}

/** @param text e.g. `v1.4.1`, `v1.4.1-eksbuild.1` or `v1.4.0-12-gabcdef` @returns undefined if it does not begin with a version */
export function versionIn(text: string): AgentVersion | undefined {
  const found = /^v?(\d+)\.(\d+)\.(\d+)(?![\d.])/.exec(text)
  return found ? [Number(found[1]), Number(found[2]), Number(found[3])] : undefined
}

export function isBefore(version: AgentVersion, other: AgentVersion): boolean {
  const at = version.findIndex((part, index) => part !== other[index])
  return at >= 0 && (version[at] ?? 0) < (other[at] ?? 0)
}

export const versionText = (version: AgentVersion): string => `v${version.join('.')}`
