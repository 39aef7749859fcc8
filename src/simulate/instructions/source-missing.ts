import type { Reason } from '../../facts/fact.ts';
import type { Place } from '../../text/place.ts';
import type { Failure } from '../command-model.ts';
import type { BuildContext } from '../context/build-context.ts';
import type { CopySources } from '../context/copy-source.ts';

/** Why the builder does not find a source of COPY. */
export function sourceMissing(
  context: BuildContext,
  source: string,
  found: Extract<CopySources, { kind: 'missing' }>,
  at: Place,
  reason: Reason,
): Failure {
  const { lookup } = found;
  const says = `"/${found.path}": not found`;
  const because = [reason, ...lookup.because];
  const where = context.dir === '' ? 'the build context' : `the build context ${context.dir}`;
  if (lookup.status === 'ignored') {
    const pattern = lookup.by.text;
    return {
      kind: 'copy-source-ignored',
      at,
      subject: source,
      text: `${source} is kept out of ${where} by the ignore pattern \`${pattern}\``,
      because,
      says,
      detail: { path: found.path, pattern },
    };
  }
  if (/(^|\/)\.\.(\/|$)/.test(source) && !source.includes('*')) {
    return {
      kind: 'copy-source-outside-context',
      at,
      subject: source,
      text: `${source} points outside ${where}; the builder looks for ${found.path} inside it`,
      because,
      says,
      detail: { path: found.path },
    };
  }
  const absent = lookup.status === 'absent' ? lookup : undefined;
  const detail: Record<string, string> = { path: found.path };
  if (absent?.gitIgnored) detail['gitIgnored'] = 'true';
  if (absent?.submodule !== undefined) detail['submodule'] = absent.submodule;
  if (absent?.example !== undefined) detail['example'] = absent.example;
  if (absent?.similar[0] !== undefined) detail['similar'] = absent.similar[0];
  return {
    kind: 'copy-source-absent',
    at,
    subject: source,
    text: `there is no ${found.path} in ${where}`,
    because,
    says,
    detail,
  };
}
