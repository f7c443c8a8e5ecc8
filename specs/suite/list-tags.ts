/** Prints how many tests of the specs each tag selects, as JSON. Collects the specs and runs none of them. */
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
  const counts = new Map<string, number>(vitest.config.tags.map(({ name }) => [name, 0]))
  for (const module of testModules)
    for (const { tags } of module.children.allTests())
      for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1)
  process.stdout.write(JSON.stringify(Object.fromEntries(counts)))
} finally {
  await vitest.close()
}
