/** The five phases of an attempt (design, *The story an attempt tells*), by number. */
export const phaseNames: Readonly<Record<number, string>> = {
  1: 'initial connections',
  2: 'kernel timeout',
  3: 'cleanup prediction',
  4: 'race trigger',
  5: 'verification',
}
