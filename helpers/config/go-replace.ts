/** The field `go_replace`. */
import { z } from 'zod'

/** Go modules to be taken in another version, or from a folder. A folder's path begins with a slash or a dot. */
export const goReplace = z
  .union([z.string(), z.array(z.string())], { error: 'must be module=version or module=folder, or a list of these' })
  .transform((value): readonly string[] => (typeof value === 'string' ? value.split(',') : value))
  .refine((list) => list.every((entry) => /^[^=\s]+=(v[^=\s]+|\.{0,2}\/.*)$/.test(entry)), {
    error:
      'must be module=version or module=folder, e.g. github.com/aws/aws-ebpf-sdk-go=v1.0.15 or github.com/aws/aws-ebpf-sdk-go=./sdk',
  })
