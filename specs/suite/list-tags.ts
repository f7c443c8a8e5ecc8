/** Prints how many tests in the specs each tag selects, as JSON. Loads the specs and runs none of them. */
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
  const counts = new Map<string, number>(vitest.config.tags.map(({ name }) => [name, 0]))
  for (const module of testModules)
    for (const { tags } of module.children.allTests())
      for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1)
  process.stdout.write(JSON.stringify(Object.fromEntries(counts)))
} finally {
  await vitest.close()
}
