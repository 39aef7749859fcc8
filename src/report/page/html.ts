import { CONSEQUENCE_TEXT } from '../../rules/finding.ts';
import { formatPlace } from '../../text/place.ts';
import { type Cell, type Evidence, isOpen, type Prediction, type Proof, type Row, type Section } from './evidence.ts';
import { sentences } from './sentences.ts';
import { STYLE } from './style.ts';

/** Escapes text for HTML content and attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** One self-contained page. `logOf` gives an excerpt of a stored log, or undefined when it is gone. */
export function renderHtml(proof: Proof, logOf: (digest: string) => string | undefined): string {
  const say = sentences(proof);
  const h = escapeHtml;
  const body = [
    `<header><p class="soft">Plimsoll</p><h1>What was proven of ${h(proof.stack)}</h1>`,
    `<p class="soft">${h(say.when)}</p></header>`,
    `<div class="tiles">${say.tiles.map((t) => `<div class="tile"><b class="${t.tone}">${h(t.value)}</b>${h(t.label)}</div>`).join('')}</div>`,
    ...say.warnings.map((w) => `<p class="note">${h(w)}</p>`),
    ...(proof.wrong.length === 0
      ? []
      : [
          '<h2>Where Plimsoll was wrong</h2><ul>',
          ...proof.wrong.map(
            (w) => `<li>${h(w.text)} ${link(w.prediction, 'prediction')}, ${link(w.measurement, 'measurement')}</li>`,
          ),
          '</ul>',
        ]),
    '<h2>Before and after</h2>',
    ...proof.sections.map(sectionHtml),
    '<h2>What check said</h2>',
    predictionsHtml('Before', proof.predictions.before),
    predictionsHtml('After', proof.predictions.after),
    ...(proof.assumptions.length === 0
      ? []
      : ['<h2>Assumptions</h2><ul>', ...proof.assumptions.map((e) => `<li>${link(e, e.entry.text)}</li>`), '</ul>']),
    '<h2>Evidence</h2>',
    '<p class="soft">Each row is one line of <code>.plimsoll/ledger.jsonl</code>; its name is the sha256 of that line.</p>',
    ...evidenceGroups(proof.evidence).map(
      ([title, group]) =>
        `<details class="group"><summary><b>${h(title)}</b> <span class="soft">${group.length}</span></summary>${group.map((e) => evidenceHtml(e, logOf)).join('')}</details>`,
    ),
    `<footer class="soft"><p>Made from the ledger alone, run ${h(proof.run)}. What was not measured says so.</p></footer>`,
  ];
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Plimsoll: ${h(proof.stack)}</title><style>${STYLE}</style></head><body>\n${body.join('\n')}\n${OPEN_TARGET}</body></html>\n`;
}

/** A link to evidence opens the details it leads to and those around it. Browsers that reveal the target of a link in closed
 * details do the same without the script; paper has everything open. */
const OPEN_TARGET = `<script>addEventListener('hashchange',o);addEventListener('beforeprint',()=>document.querySelectorAll('details.rest').forEach(d=>d.open=true));o();function o(){const t=document.getElementById(location.hash.slice(1));for(let e=t;e;e=e.parentElement)if(e.tagName==='DETAILS')e.open=true;if(t)t.scrollIntoView()}</script>`;

/** Evidence by what it is about, in the order in which it was stored: two hundred lines in a row find nobody. */
function evidenceGroups(evidence: readonly Evidence[]): readonly (readonly [string, readonly Evidence[]])[] {
  const groups = new Map<string, Evidence[]>();
  for (const e of evidence) {
    const { kind, subject } = e.entry;
    const title =
      kind === 'prediction'
        ? `what check said, ${subject.side}`
        : kind === 'assumption'
          ? `assumptions, ${subject.side}`
          : `${subject.service ?? 'the stack'}, ${subject.side}`;
    const group = groups.get(title);
    if (group === undefined) groups.set(title, [e]);
    else group.push(e);
  }
  return [...groups];
}

function link(evidence: Evidence, text: string): string {
  return `<a href="#e-${evidence.id.slice(0, 16)}">${escapeHtml(text)}</a>`;
}

function sectionHtml(section: Section): string {
  const open = section.rows.filter(isOpen);
  const shown = section.rows.filter((row) => !isOpen(row));
  const rest =
    open.length === 0
      ? ''
      : `<details class="rest"><summary>${open.length} ${open.length === 1 ? 'row' : 'rows'} measured on neither side</summary>${tableHtml(open)}</details>`;
  const title = section.service ?? `${section.title.charAt(0).toUpperCase()}${section.title.slice(1)}`;
  return `<h3>${escapeHtml(title)}</h3>${shown.length === 0 ? '' : tableHtml(shown)}${rest}`;
}

function tableHtml(rows: readonly Row[]): string {
  const lone = rows.every((row) => row.before === undefined);
  const body = rows.map(
    (row) =>
      `<tr><th scope="row">${escapeHtml(row.title)}</th>${lone ? '' : cellHtml(row.before, 'before')}${cellHtml(row.after, 'after', lone)}</tr>`,
  );
  const head = `<th>what</th>${lone ? '' : '<th>before</th>'}<th>after</th>`;
  return `<table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table>`;
}

function cellHtml(cell: Cell | undefined, side: string, lone = false): string {
  const span = lone ? ' colspan="2"' : '';
  if (cell === undefined) return `<td data-side="${side}" class="open"${span}>–</td>`;
  const { entry } = cell.evidence;
  const mark = cell.state === 'good' ? '✓ ' : cell.state === 'bad' ? '✗ ' : '';
  // What should have been goes without saying where a yes is a yes.
  const budget = entry.budget === undefined || typeof entry.value === 'boolean' ? '' : `wanted: ${entry.budget.text}`;
  const detail = cell.state === 'open' || cell.state === 'bad' ? entry.text : '';
  const small = [budget, detail === cell.text ? '' : detail]
    .filter((t) => t !== '')
    .map((t) => `<small>${escapeHtml(t)}</small>`);
  const tone = cell.state === 'plain' ? '' : ` class="${cell.state}"`;
  return `<td data-side="${side}"${span}><span${tone}>${mark}${link(cell.evidence, cell.text)}</span>${small.join('')}</td>`;
}

function predictionsHtml(title: string, predictions: readonly Prediction[]): string {
  if (predictions.length === 0) return `<h3>${title}: nothing found</h3>`;
  const items = predictions.map(({ finding, evidence }) => {
    const causes = finding.because.map(
      (c) =>
        `<li>${c.at === undefined ? '' : `<code>${escapeHtml(formatPlace(c.at))}</code> `}${escapeHtml(c.text)}</li>`,
    );
    const head = `<b>${escapeHtml(finding.rule)}</b> <span class="${finding.severity === 'error' ? 'bad' : 'warn'}">${escapeHtml(CONSEQUENCE_TEXT[finding.consequence])}</span>${finding.service === undefined ? '' : ` · ${escapeHtml(finding.service)}`}: ${escapeHtml(finding.title)}`;
    return `<details><summary>${head}</summary><ul>${causes.join('')}</ul><p class="soft">${link(evidence, 'evidence')}</p></details>`;
  });
  return `<h3>${title}: ${predictions.length} ${predictions.length === 1 ? 'finding' : 'findings'}, predicted without an engine</h3>${items.join('')}`;
}

function evidenceHtml(evidence: Evidence, logOf: (digest: string) => string | undefined): string {
  const { id, entry } = evidence;
  const log = entry.log === undefined ? undefined : logOf(entry.log);
  const fields: readonly (readonly [string, string | undefined])[] = [
    ['kind', entry.kind],
    ['at', entry.at],
    ['of', [entry.subject.side, entry.subject.stack, entry.subject.service].filter((t) => t !== undefined).join(' · ')],
    ['result', entry.text],
    ['samples', entry.samples?.map((n) => String(Math.round(n * 1000) / 1000)).join(', ')],
    ['budget', entry.budget === undefined ? undefined : `${entry.budget.text}: ${entry.budget.met ? 'met' : 'missed'}`],
    ['command', entry.argv?.join(' ')],
    ['exit code', entry.exit === undefined ? undefined : String(entry.exit)],
    ['image', entry.subject.image],
    ['stand-in', entry.standIn],
    [
      'engine',
      entry.engine === undefined ? undefined : `${entry.engine.name} ${entry.engine.version}, ${entry.engine.platform}`,
    ],
    ['log', entry.log],
    ['sha256', id],
  ];
  const rows = fields.flatMap(([name, value]) =>
    value === undefined || value === ''
      ? []
      : [`<dt>${name}</dt><dd>${name === 'command' ? `<code>${escapeHtml(value)}</code>` : escapeHtml(value)}</dd>`],
  );
  const excerpt =
    entry.log === undefined
      ? ''
      : log === undefined
        ? '<p class="open">The log is no longer there.</p>'
        : `<pre>${escapeHtml(log)}</pre>`;
  return `<details id="e-${id.slice(0, 16)}"><summary>${escapeHtml(entry.title ?? entry.measure)} <span class="soft">${escapeHtml([entry.subject.side, entry.subject.service ?? ''].join(' '))} · ${id.slice(0, 10)}</span></summary><dl>${rows.join('')}</dl>${excerpt}</details>`;
}
