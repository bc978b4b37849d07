import { createHash } from 'node:crypto'

/** The style sheet of the page at `/v1/docs`, in the colours of the web inbox. */
export const docsStyle = `
:root {
  color-scheme: light dark;
  --bg: light-dark(#ffffff, #0f1318);
  --surface: light-dark(#f6f7f9, #151a21);
  --border: light-dark(#d5dae1, #2d3642);
  --text: light-dark(#161b22, #e8ecf1);
  --muted: light-dark(#515c6b, #a9b4c2);
  --accent: light-dark(#1d5fd1, #7fb0ff);
  --danger: light-dark(#b3261e, #ff9089);
  --warn: light-dark(#8a5300, #f0b75e);
  --ok: light-dark(#176c3a, #6fcf97);
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
* { box-sizing: border-box; }
html { scroll-padding-top: 16px; }
body {
  margin: 0 auto;
  max-width: 1180px;
  background: var(--bg);
  color: var(--text);
  font: 15px / 23px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  -webkit-text-size-adjust: 100%;
  text-size-adjust: 100%;
}
h1, h2, h3, h4, p, dl, dd, ul, pre { margin: 0; padding: 0; }
h1 { font-size: 26px; line-height: 34px; }
h2 { margin: 48px 0 12px; font-size: 21px; line-height: 28px; }
h3 { font-size: 16px; line-height: 24px; overflow-wrap: anywhere; }
h4 { margin: 18px 0 4px; font-size: 13px; color: var(--muted); }
p + p { margin-top: 8px; }
ul { list-style: none; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
code, pre { font-family: var(--mono); font-size: 13px; }
code { overflow-wrap: anywhere; }
pre {
  margin-top: 4px;
  padding: 10px 12px;
  overflow-x: auto;
  background: var(--surface);
  border: 1px solid var(--border);
  border-radius: 6px;
  line-height: 20px;
}
main { padding: 28px 20px 80px; min-width: 0; }
nav { display: flex; flex-wrap: wrap; gap: 8px 16px; padding: 20px; font-size: 14px; border-bottom: 1px solid var(--border); }
nav p + p { margin: 0; }
nav ul { display: none; margin: 4px 0 14px; }
nav code, nav .method { font-size: 12px; }
nav li a { display: block; padding: 3px 0; text-decoration: none; overflow-wrap: anywhere; }
nav a:hover { text-decoration: underline; }
article { padding: 22px 0; border-top: 1px solid var(--border); }
article > p { max-width: 72ch; }
h3 .method { margin-right: 6px; }
.method { font: 700 12px / 20px var(--mono); color: var(--accent); }
.method.post { color: var(--ok); }
.method.patch { color: var(--warn); }
.method.delete { color: var(--danger); }
.muted { color: var(--muted); }
.fields { margin-top: 4px; }
.fields + .muted, p + .fields { margin-top: 8px; }
.fields > div { padding: 5px 0; border-top: 1px solid var(--border); }
.fields > div:first-child { border-top: 0; }
.fields dt code { font-weight: 600; }
.fields .type { color: var(--muted); font-size: 13px; }
.fields .type code { font-weight: 400; }
@media (min-width: 900px) {
  body { display: grid; grid-template-columns: 280px minmax(0, 1fr); }
  nav {
    display: block; position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto;
    border-bottom: 0; border-right: 1px solid var(--border);
  }
  nav p + p { margin-top: 8px; }
  nav ul { display: block; }
  main { padding: 28px 40px 120px; }
  .fields > div { display: grid; grid-template-columns: 22ch minmax(0, 2fr) minmax(0, 3fr); gap: 20px; }
  .fields.two > div { grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); }
}
`

/** Nothing is loaded and nothing runs: the page is its own text and this one style sheet, known by its hash. */
export const docsPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(docsStyle).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')
