import { expect, test } from 'vitest'
import { html } from './html.ts'

test('values are escaped, unless they are markup themselves', () => {
  const hostile = '<script>"&'
  expect(html`<p title="${hostile}">${html`<b>${1}</b>`}${undefined}</p>`.text).toBe(
    '<p title="&lt;script&gt;&quot;&amp;"><b>1</b></p>',
  )
})

test('a list of markup is inserted unchanged', () => {
  expect(html`<p>${['a', '<'].map((each) => html`<i>${each}</i>`)}</p>`.text).toBe('<p><i>a</i><i>&lt;</i></p>')
})
