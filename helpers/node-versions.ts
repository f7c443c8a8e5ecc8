/** Defines the versions of Node that the suite runs on. */

/** The same as `engines` in package.json: the versions that both vitest 5.1 (^22.12 || ^24 || >=26) and testcontainers 12.2 (>=22.22) allow. */
export const supportedNodes = '^22.22.0 || ^24.0.0 || >=26.0.0'

/** @param version a version in the form of `process.versions.node` */
export function isSupportedNode(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return (major === 22 && minor >= 22) || major === 24 || major >= 26
}
