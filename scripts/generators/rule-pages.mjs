// docs/rules/*.md and the catalogue: from each rule's metadata, its first failing and passing case, and its proof record.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const CONSEQUENCE = 'src/rules/finding.ts';

/** Imports TypeScript by bundling it beside node_modules, so that packages resolve. */
export async function importTypeScript(root, file) {
  const outfile = join(root, 'node_modules', '.cache', 'generate', `${file.replaceAll('/', '-')}-${process.pid}.mjs`);
  await build({
    entryPoints: [join(root, file)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
  });
  return import(pathToFileURL(outfile).href);
}

export async function files(root) {
  const { RULES } = await importTypeScript(root, 'src/rules/registry.generated.ts');
  const { CONSEQUENCES, CONSEQUENCE_TEXT } = await importTypeScript(root, CONSEQUENCE);
  const pages = new Map();
  const catalogue = [
    '# Rules',
    '',
    'Generated from the rules themselves (`npm run generate`). Sorted by what a defect does.',
    '',
  ];
  for (const consequence of CONSEQUENCES) {
    const own = RULES.filter((r) => r.consequence === consequence);
    if (own.length === 0) continue;
    catalogue.push(`## ${CONSEQUENCE_TEXT[consequence]}`, '', '| rule | says | proof |', '| --- | --- | --- |');
    for (const { id, rule } of own) {
      const folder = join(root, 'src', 'rules', consequence, id);
      const proof = readProof(folder);
      catalogue.push(`| [${id}](${id}.md) | ${rule.summary.replaceAll('|', '\\|')} | ${proofWord(rule, proof)} |`);
      pages.set(`docs/rules/${id}.md`, page(id, CONSEQUENCE_TEXT[consequence], rule, folder, proof));
    }
    catalogue.push('');
  }
  pages.set('docs/rules/README.md', `${catalogue.join('\n').trimEnd()}\n`);
  return pages;
}

function readProof(folder) {
  const file = join(folder, 'proof.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

function proofWord(rule, proof) {
  if (rule.proof === 'none') return 'predicts no failure';
  return proof === undefined ? 'unproven' : 'proven on an engine';
}

function page(id, text, rule, folder, proof) {
  const cases = existsSync(join(folder, 'cases')) ? readdirSync(join(folder, 'cases')).sort() : [];
  const show = (prefix, heading) => {
    const name = cases.find((c) => c.startsWith(prefix));
    if (name === undefined) return [];
    return ['', `## ${heading}`, '', '```text', readFileSync(join(folder, 'cases', name), 'utf8').trimEnd(), '```'];
  };
  const records = Object.entries(proof?.cases ?? {});
  return `${[
    `# ${id}`,
    '',
    `**${text}** · ${rule.severity} · on one ${rule.on}`,
    '',
    `${rule.summary.charAt(0).toUpperCase()}${rule.summary.slice(1)}.`,
    '',
    rule.why,
    '',
    `**What to do.** ${rule.remedy}`,
    ...((rule.aliases ?? []).length > 0
      ? ['', `Other tools call it ${rule.aliases.map((a) => `\`${a}\``).join(', ')}.`]
      : []),
    ...show('fails', 'Fails'),
    ...show('passes', 'Passes'),
    ...show('inconclusive', 'Undecided'),
    '',
    '## Proof',
    '',
    ...(rule.proof === 'none'
      ? ['The rule predicts no failure of the engine.']
      : records.length === 0
        ? ['Unproven: no record of a real engine yet.']
        : records.map(
            ([name, r]) =>
              `\`${name}\`, ${r.engine}, ${r.date}: \`${r.excerpt.replaceAll('`', "'").replaceAll('\n', ' ')}\``,
          )),
    '',
    `Leave it out for one line with \`# plimsoll ignore=${id} REASON\`.`,
  ].join('\n')}\n`;
}
