/**
 * Defines types for units of time, so that the compiler finds mixed-up units. At run time all are plain numbers, which JSON can carry.
 *
 * A double represents whole nanoseconds exactly up to 2^53 (104 days of uptime), and to 2 ns up to 208 days. No verdict depends on two
 * events that are that close.
 */
declare const unit: unique symbol
type Unit<Name extends string> = number & { readonly [unit]: Name }

/** Nanoseconds of CLOCK_MONOTONIC, which `bpf_ktime_get_ns()` reads too. Times of the same node can be compared. */
export type Ns = Unit<'ns'>
/** Milliseconds, for deadlines and durations. */
export type Ms = Unit<'ms'>
/** Seconds, for conntrack timeouts and the agent's cleanup period. */
export type Seconds = Unit<'s'>

export const ns = (value: number | bigint): Ns => Number(value) as Ns
export const ms = (value: number): Ms => value as Ms
export const seconds = (value: number): Seconds => value as Seconds

/** Returns the time from `start` to `end`. */
export const elapsedMs = (start: Ns, end: Ns): Ms => ms((end - start) / 1e6)
export const secondsToMs = (value: Seconds): Ms => ms(value * 1000)
