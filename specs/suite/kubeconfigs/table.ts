/** Kubeconfigs as people bring them: what kubectl accepts, and what it refuses. */
import { type CaseOrder, casePartsOf, type KubeconfigCase } from './case-parts.ts'
import { fileCases } from './file-cases.ts'
import { pluginCases } from './plugin-cases.ts'
import { serverCases } from './server-cases.ts'
import { userCases } from './user-cases.ts'

export function kubeconfigCases(order: CaseOrder): readonly KubeconfigCase[] {
  const parts = casePartsOf(order)
  return [userCases, pluginCases, serverCases, fileCases].flatMap((cases) => cases(parts))
}
