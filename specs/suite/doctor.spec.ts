/** `npa-race doctor` says what is missing, and changes nothing. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../../fixtures/system/command.ts'
import { suiteFolder } from '../../fixtures/system/own-files.ts'
import { findWorking, pathsOf } from '../../fixtures/system/working-program.ts'
import { test as base, describe, expect } from 'vitest'
import { npaRace } from './cli.ts'
import { pathWithout } from './npa-checkout.ts'

const test = base.extend('cache', ({}, { onCleanup }) => {
  const folder = mkdtempSync(join(tmpdir(), 'npa-race-cache-'))
  onCleanup(() => rmSync(folder, { recursive: true }))
  return folder
})

/** Makes what Ubuntu has if the package of the running kernel is not installed. @returns its path */
function fakeBpftool(folder: string): string {
  const path = join(folder, 'bpftool')
  const script = '#!/bin/sh\necho "WARNING: bpftool not found for kernel 6.17.0-1015" >&2; exit 2\n'
  writeFileSync(path, script, { mode: 0o755 })
  return path
}

/** Starts a command that sees `fake` in the place of a program of this machine. */
const withProgramAt = (program: string, fake: string): string[] => {
  const covered = 'mount --bind "$1" "$2" && shift 2 && exec "$@"'
  return ['unshare', '--mount', 'sh', '-c', covered, 'sh', fake, program]
}

describe('npa-race doctor', { tags: ['lab'] }, () => {
  test('prints what a run would do if nothing is missing', async () => {
    const { exitCode, output } = await npaRace(['doctor'], {
      RACE_AGENT: 'reference:immediate',
      RACE_WINDOW: 'after-reread',
    })
    expect(exitCode, output).toBe(0)
    expect(output).toContain('control reference:alternating, after-snapshot, expecting lost')
    expect(output).toContain('subject reference:immediate, after-reread, expecting survives')
  })

  test.for(['doctor', 'run'])('%s refuses a command whose program is not there', async (command) => {
    const { exitCode, output, history } = await npaRace([command], { RACE_AGENT: '{ command: [./no-such-agent] }' })
    expect(exitCode, output).toBe(3)
    expect(output).toContain(`there is no file ${join(suiteFolder, 'no-such-agent')}; correct the path`)
    expect(history).toBeUndefined()
  })

  test('says which eBPF object the kernel refuses, and why', async () => {
    const before = ['setpriv', '--bounding-set=-sys_admin,-bpf,-perfmon', '--inh-caps=-all', '--ambient-caps=-all']
    const { exitCode, output } = await npaRace(['doctor'], {}, { before })
    expect(exitCode, output).toBe(3)
    for (const object of ['datapath', 'hold', 'pass-gate'])
      expect(output).toMatch(new RegExp(`✗ the kernel does not accept .*${object}.*EPERM.*CAP_BPF`, 's'))
  })

  test('says which part of the network cannot be made, and what the kernel needs for it', async () => {
    const before = ['setpriv', '--bounding-set=-net_admin', '--inh-caps=-all', '--ambient-caps=-all']
    const { exitCode, output } = await npaRace(['doctor'], {}, { before })
    expect(exitCode, output).toBe(3)
    expect(output).toMatch(/✗ "ip link add .*" fails in a new network namespace \(.*\): the kernel needs CONFIG_VETH/)
    expect(output).toMatch(/✗ "nft .*the kernel needs CONFIG_NF_TABLES_ARP/)
  })

  test('names the missing compilers if the agent has to be built', async ({ cache }) => {
    using path = pathWithout(/^(go|clang.*)$/)
    const settings = { RACE_AGENT: 'npa:v1.4.1', PATH: path.folder, XDG_CACHE_HOME: cache }
    const { exitCode, output } = await npaRace(['doctor'], settings)
    expect(exitCode, output).toBe(3)
    expect(output).toMatch(/✗ to build the agent, these are missing on this machine: go \(.*clang \(package clang\)/)
    expect(readdirSync(cache)).toEqual([])
  })

  test('names a bpftool that exists and fails, as on Ubuntu without the package of its kernel', async ({ cache }) => {
    const fake = fakeBpftool(cache)
    const real = findWorking(pathsOf('bpftool'), 'version').path ?? ''
    const before = withProgramAt(real, fake)
    using path = pathWithout(/^bpftool$/)
    const settings = { RACE_AGENT: 'npa:v1.4.1', PATH: path.folder, XDG_CACHE_HOME: cache }
    const { exitCode, output } = await npaRace(['doctor'], settings, { before })
    expect(exitCode, output).toBe(3)
    expect(output).toContain(
      `bpftool (${real} version fails: WARNING: bpftool not found for kernel 6.17.0-1015; package`,
    )
    expect(output).toContain('on Ubuntu linux-tools-generic')
    expect(output).not.toContain('clang')
  })

  test('setup.sh installs a bpftool that works, if the one on PATH fails', async ({ cache }) => {
    const [program = '', ...args] = withProgramAt('/usr/sbin/bpftool', fakeBpftool(cache))
    // If it were root, it would install the package. It may read, because the checkout may be closed to others.
    const reading = '+dac_read_search'
    const mayRead = [`--inh-caps=${reading}`, `--ambient-caps=${reading}`]
    const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', ...mayRead]
    const setup = [...nobody, 'sh', join(suiteFolder, 'fixtures/system/setup.sh'), 'agent']
    await expect(run(program, [...args, ...setup], { env: { SUDO: '' } })).rejects.toThrow(
      /missing on this machine: (bpftool|linux-tools-generic)\n/,
    )
  })

  test.for([
    [{ RACE_AGENT: 'npa:helpers' }, 'is not a checkout of the agent'],
    [{ RACE_IP: '5' }, 'RACE_IP  ip: 5 must be 4 or 6'],
  ] as const)('%o', async ([settings, why]) => {
    const { exitCode, output } = await npaRace(['doctor'], settings)
    expect(exitCode, output).toBe(3)
    expect(output).toContain(why)
  })
})
