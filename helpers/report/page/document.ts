/** Makes a page a single file: it has its style, and loads nothing. */
import { html, Markup } from './html.ts'
import { style } from './style.ts'

/** @returns the text of the whole file */
export const documentOf = (title: string, body: Markup): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <title>${title}</title>
        <style>
          ${new Markup(style)}
        </style>
      </head>
      <body>
        ${body}
      </body>
    </html> `.text
