/** The part of jstat that is used. */
declare module 'jstat' {
  /** Quantile function of the beta distribution. */
  export const beta: { inv(probability: number, alpha: number, beta: number): number }
  const jStat: { readonly beta: typeof beta }
  export default jStat
}
