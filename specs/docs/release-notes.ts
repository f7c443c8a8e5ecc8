/** Reads what a release needs from the changelog, and finds what keeps a tag from being released. */

interface Release {
  /** The name of the tag, e.g. `v0.1.0`. */
  readonly tag: string
  readonly manifest: { readonly version: string; readonly private?: boolean }
  /** The text of CHANGELOG.md, in the form of Keep a Changelog. */
  readonly changelog: string
}

/** Returns the section of a version without its heading; undefined if there is none. */
export function sectionOf(changelog: string, version: string): string | undefined {
  const sections = changelog.split(/^## /m)
  // The heading of a version has its date; that of `[Unreleased]` has none.
  const section = sections.find((text) => text.startsWith(`[${version}] - `))
  return section?.slice(section.indexOf('\n')).trim()
}

/** Returns what must be changed before this tag can be released; empty if it can. */
export function releaseProblems({ tag, manifest, changelog }: Release): readonly string[] {
  const { version } = manifest
  const problems: string[] = []
  if (tag !== `v${version}`)
    problems.push(
      `the tag is ${tag}, but package.json has version ${version}: tag the commit as v${version}, or change the version`,
    )
  if (manifest.private)
    problems.push('package.json has "private": true, so npm refuses to publish it: remove this line')
  if (!sectionOf(changelog, version))
    problems.push(
      `CHANGELOG.md has no text for version ${version}: write the heading "## [${version}] - <date>" above the text of "## [Unreleased]"`,
    )
  return problems
}
