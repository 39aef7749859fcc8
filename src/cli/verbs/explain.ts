import { hang, wrap } from '../../report/text/wrap.ts';
import { CONSEQUENCE_TEXT } from '../../rules/finding.ts';
import { RULES } from '../../rules/registry.generated.ts';
import type { ExitCode, Invocation } from '../command.ts';
import { nearest } from '../suggest.ts';

/** `plimsoll explain RULE`: the rule's page; without a rule the catalogue. An id of another tool leads to ours. */
export async function run({ positionals, terminal }: Invocation): Promise<ExitCode> {
  const { paint, width } = terminal;
  const [asked] = positionals;
  if (asked === undefined) {
    const column = Math.max(...RULES.map((r) => r.id.length));
    let consequence = '';
    for (const { id, consequence: c, rule } of RULES) {
      if (c !== consequence) terminal.out(`${consequence === '' ? '' : '\n'}${paint.strong(CONSEQUENCE_TEXT[c])}\n`);
      consequence = c;
      terminal.out(`${hang(`  ${id.padEnd(column)}  `, column + 4, rule.summary, width).join('\n')}\n`);
    }
    return 0;
  }
  const found =
    RULES.find((r) => r.id === asked) ??
    RULES.find((r) => (r.rule.aliases ?? []).some((a) => a.toLowerCase() === asked.toLowerCase()));
  if (found === undefined) {
    const near = nearest(
      asked,
      RULES.flatMap((r) => [r.id, ...(r.rule.aliases ?? [])]),
    );
    terminal.err(
      `plimsoll: there is no rule "${asked}".${near === undefined ? ' plimsoll explain lists them all.' : ` Did you mean ${near}?`}\n`,
    );
    return 2;
  }
  const { rule } = found;
  const lines = [
    `${paint.strong(found.id)} · ${CONSEQUENCE_TEXT[found.consequence]} (${rule.severity})`,
    '',
    ...wrap(`${rule.summary.charAt(0).toUpperCase()}${rule.summary.slice(1)}.`, width),
    '',
    ...wrap(rule.why, width),
    '',
    ...hang(`${paint.good('do')}  `, 4, rule.remedy, width),
    ...((rule.aliases ?? []).length > 0 ? ['', `Also known as ${(rule.aliases ?? []).join(', ')}.`] : []),
    '',
    `Leave one out with a comment on the line above:  # plimsoll ignore=${found.id} REASON`,
  ];
  terminal.out(`${lines.join('\n')}\n`);
  return 0;
}
