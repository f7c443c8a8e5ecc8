/** Prints which spec files have a test with each tag, as JSON. Collects the specs and runs none of them. */
import { relative } from 'node:path'
import { createVitest } from 'vitest/node'

const vitest = await createVitest('test', {
  watch: false,
  // The specs share most of their modules, which are then loaded once.
  isolate: false,
  maxWorkers: 1,
  reporters: [],
  // Any tag, also those that a run without a filter leaves out.
  tagsFilter: ['*'],
})
try {
  // Tags that a spec computes are known only to a worker that has loaded it.
  const { testModules } = await vitest.collect(['specs/'], { staticParse: false })
  const files = new Map<string, Set<string>>(vitest.config.tags.map(({ name }) => [name, new Set()]))
  for (const module of testModules) {
    const file = relative(vitest.config.root, module.moduleId)
    for (const { tags } of module.children.allTests()) for (const tag of tags) files.get(tag)?.add(file)
  }
  process.stdout.write(JSON.stringify(Object.fromEntries([...files].map(([tag, found]) => [tag, [...found]]))))
} finally {
  await vitest.close()
}
