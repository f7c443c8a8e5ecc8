/** Reads the agent's version from the name of its image. */

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

export function isBefore(version: AgentVersion, other: AgentVersion): boolean {
  const at = version.findIndex((part, index) => part !== other[index])
  return at >= 0 && (version[at] ?? 0) < (other[at] ?? 0)
}

export const versionText = (version: AgentVersion): string => `v${version.join('.')}`
