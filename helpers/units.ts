/**
 * Units of time that must not be mixed up. All are plain numbers at run time, so that they travel through JSON.
 *
 * A double holds whole nanoseconds exactly up to 2^53 (104 days of uptime) and to 2 ns until 208 days: no two events that a
 * verdict rests on are that close.
 */
declare const unit: unique symbol
type Unit<Name extends string> = number & { readonly [unit]: Name }

/** Nanoseconds of CLOCK_MONOTONIC, which is also what `bpf_ktime_get_ns()` reads; comparable on one node. */
export type Ns = Unit<'ns'>
/** Milliseconds: deadlines and durations. */
export type Ms = Unit<'ms'>
/** Seconds: conntrack timeouts and the agent's cleanup period. */
export type Seconds = Unit<'s'>

export const ns = (value: number | bigint): Ns => Number(value) as Ns
export const ms = (value: number): Ms => value as Ms
export const seconds = (value: number): Seconds => value as Seconds

/** The time from `start` to `end`. */
export const elapsedMs = (start: Ns, end: Ns): Ms => ms((end - start) / 1e6)
export const secondsToMs = (value: Seconds): Ms => ms(value * 1000)
