/** A number and what it counts, in words. @param many default: `one` and an s */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`
