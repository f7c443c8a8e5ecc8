/** The kernels of the matrix, and what is run on each. */

/** Kernels of EKS nodes (Amazon Linux 2 and 2023) and of laptops, and a new one; both architectures. Debian has no 5.15. */
export const matrix: readonly string[] = [
  '5.10-amd64',
  '6.1-amd64',
  '6.12-amd64',
  '7.2-amd64',
  '6.12-amd64-generic',
  '6.1-arm64',
  '6.12-arm64',
  '6.12-arm64-16k',
]

export interface Cell {
  readonly name: string
  /** A shell command in the project's folder, as root. Its exit code is the result. */
  readonly command: string
  /** The first kernel that can run it, of each processor or of one; default: all of the matrix. */
  readonly since?: string | { readonly arm64: string }
  /** It runs the real agent, which is built on another machine: the guest finds it in the project's folder `agent`. */
  readonly runsAgent?: true
}

/** @param kernel e.g. `6.1-amd64` @returns the version that the cell needs, if this kernel is older */
export function neededVersion(kernel: string, { since }: Cell): string | undefined {
  const [version = '', processor] = kernel.split('-')
  const first = typeof since === 'object' ? (processor === 'arm64' ? since.arm64 : undefined) : since
  return first !== undefined && version.localeCompare(first, 'en', { numeric: true }) < 0 ? first : undefined
}

const race = (name: string, settings: string): Cell => ({
  name,
  command: `${settings} RACE_ITERATIONS=2 RACE_CONNECTIONS_PER_WAVE=10 vitest run specs/race --reporter=dot`,
})

/** Hides the kernel's type information from a cell, as if the kernel was built without it, and checks that the run says how it observed then. */
const withoutBtf = ({ command, ...rest }: Cell): Cell => ({
  ...rest,
  command: [
    `unshare --mount bash -c "mount --bind /dev/null /sys/kernel/btf/vmlinux && ${command}"`,
    `grep "system calls without BTF" results/latest/summary.json`,
  ].join(' && '),
})

/** The suite's own tests of what differs between kernels, without those that compile eBPF: a guest has no compiler. */
const unitTests =
  'vitest run fixtures/kernel fixtures/remote helpers/codecs --exclude "fixtures/kernel/{bpf/**,own-map-layout.test.ts}" --reporter=dot'

/** The setting for an agent of the zoo that needs no compiler. The whole command stands in single quotes. */
const zoo = (name: string): string =>
  `RACE_AGENT="${JSON.stringify({ command: ['node', 'specs/suite/agents/zoo.ts', name] }).replaceAll('"', '\\"')}"`

export const cells: readonly Cell[] = [
  // The guest has no network. So this passes only if the script finds everything that it would otherwise install.
  {
    name: 'set-up',
    command: 'touch node_modules/.package-lock.json && sh fixtures/system/setup.sh && node --version && uname -m',
  },
  { name: 'doctor', command: 'node fixtures/cli/npa-race.ts doctor' },
  { name: 'unit tests', command: unitTests },
  race('TCP', 'RACE_FLOW=tcp-server-first'),
  race('TCP, IPv6', 'RACE_FLOW=tcp-server-first RACE_IP=6'),
  race('UDP', 'RACE_FLOW=udp-request'),
  race('UDP, IPv6', 'RACE_FLOW=udp-request RACE_IP=6'),
  race('natural expiry', 'RACE_EXPIRY=natural RACE_KERNEL_TIMEOUT=2'),
  race('after-reread', 'RACE_AGENT=reference:last-seen RACE_WINDOW=after-reread RACE_EXPECT=lost'),
  race('before-delete', 'RACE_AGENT=reference:last-seen RACE_WINDOW=before-delete RACE_EXPECT=lost'),
  race('two-generations', 'RACE_AGENT=reference:two-generations RACE_WINDOW=before-delete'),
  { ...race('ct-lookup', 'RACE_AGENT=reference:ct-lookup RACE_WINDOW=before-delete'), since: '6.1' },
  // On kernels that offer it, the delete by this program is observed.
  race('compare-and-delete', 'RACE_AGENT=reference:compare-and-delete'),
  race('destroy-events', 'RACE_AGENT=reference:destroy-events RACE_WINDOW=after-reread RACE_EXPECT=lost'),
  { ...race('real agent', 'RACE_AGENT=npa:agent RACE_EXPECT=lost'), runsAgent: true },
  withoutBtf(race('without BTF', 'RACE_FLOW=tcp-server-first')),
  // Its tests of dumps and evictions are skipped if the kernel attaches no programs to its functions. Here that is a failure.
  {
    name: 'watch',
    command: 'set -o pipefail; vitest run fixtures/remote/watch | tee /out/watch.log && ! grep skipped /out/watch.log',
    since: { arm64: '6.12' },
  },
  { name: 'retention', command: 'vitest run specs/cleanup/over-retention.spec.ts --tags-filter "!npa" --reporter=dot' },
  // Two of the zoo: they run on their own timer, whose period has to be longer than a pass takes there.
  race('zoo: sleepy', `${zoo('sleepy')} RACE_CLEANUP_PERIOD=20 RACE_EXPECT=lost`),
  race('zoo: look-twice', `${zoo('look-twice')} RACE_CLEANUP_PERIOD=20 RACE_WINDOW=after-reread RACE_EXPECT=lost`),
  { name: 'residue', command: 'vitest run specs/suite/residue.spec.ts -t "SIGKILL|SIGINT" --reporter=dot' },
]

export const cellNamed = (name: string): Cell => {
  const cell = cells.find((each) => each.name === name)
  if (!cell) throw new Error(`there is no cell "${name}"; the cells are ${cells.map((each) => each.name).join(', ')}`)
  return cell
}

/** Seconds after which a cell is ended in a guest. An emulated processor takes about a minute for a race, and more than ten for the unit tests. */
export const cellSeconds = 1_800

/** Writes the script that a guest runs: each cell, with its output in /out, and a line that `parseResult` reads. */
export const scriptOf = (chosen: readonly Cell[]): string =>
  [
    'up() { cut -d. -f1 /proc/uptime; }',
    'failed=0',
    ...chosen.flatMap(({ command }, index) => [
      'began=$(up)',
      `timeout ${cellSeconds} bash -c '${command}' >/out/cell-${index}.log 2>&1 </dev/null`,
      'code=$?',
      '[ $code = 0 ] || failed=1',
      `echo "cell ${index} exit $code after $(($(up) - began)) s"`,
    ]),
    'rm -f results/latest; cp -a results /out/',
    'exit $failed',
    '',
  ].join('\n')

export interface CellResult {
  readonly index: number
  readonly exitCode: number
  readonly seconds: number
}

/** Reads a line of a guest's console; undefined if it is about something else. */
export function parseResult(line: string): CellResult | undefined {
  const [, index, exitCode, seconds] = /cell (\d+) exit (\d+) after (\d+) s/.exec(line) ?? []
  return index === undefined
    ? undefined
    : { index: Number(index), exitCode: Number(exitCode), seconds: Number(seconds) }
}
