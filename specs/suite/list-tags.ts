/** Prints the tags of every test of the specs by file, as JSON. Collects the specs and runs none of them. */
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
  const tags = testModules.map((module) => [
    relative(vitest.config.root, module.moduleId),
    [...module.children.allTests()].map((test) => test.tags),
  ])
  process.stdout.write(JSON.stringify(Object.fromEntries(tags)))
} finally {
  await vitest.close()
}
