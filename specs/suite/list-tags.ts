/** Prints the tags of every test of the specs by file, as JSON. Collects the specs and runs none of them. */
import { relative } from 'node:path'
import { createVitest } from 'vitest/node'

const vitest = await createVitest('test', {
  watch: false,
  // Loads the modules that the specs share only once.
  isolate: false,
  maxWorkers: 1,
  reporters: [],
  // Selects any tag, also those that a run without a filter leaves out.
  tagsFilter: ['*'],
})
try {
  // A spec can compute its tags, so it has to be loaded by a worker.
  const { testModules } = await vitest.collect(['specs/'], { staticParse: false })
  const tags = testModules.map((module) => [
    relative(vitest.config.root, module.moduleId),
    [...module.children.allTests()].map((test) => test.tags),
  ])
  process.stdout.write(JSON.stringify(Object.fromEntries(tags)))
} finally {
  await vitest.close()
}
