/** Declares the part of jstat that the suite uses: quantile functions. */
declare module 'jstat' {
  interface Beta {
    inv(probability: number, alpha: number, beta: number): number
  }
  interface Gamma {
    inv(probability: number, shape: number, scale: number): number
  }
  interface Normal {
    inv(probability: number, mean: number, deviation: number): number
  }
  const jStat: { readonly beta: Beta; readonly gamma: Gamma; readonly normal: Normal }
  export default jStat
}
