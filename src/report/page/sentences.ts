import type { Proof } from './evidence.ts';

/** The words above the table, the same in every format. */
export function sentences(proof: Proof): {
  when: string;
  tiles: readonly { value: string; label: string; tone: 'good' | 'bad' | 'warn' | '' }[];
  warnings: readonly string[];
} {
  const { counts } = proof;
  const errors = (side: 'before' | 'after'): number =>
    proof.predictions[side].filter((p) => p.finding.severity === 'error').length;
  return {
    when: `Measured ${proof.started.slice(0, 16).replace('T', ' ')} to ${proof.ended.slice(11, 16)} UTC${proof.engine === undefined ? '' : ` with ${proof.engine}`}, run ${proof.run}.`,
    tiles: [
      { value: String(counts.met), label: `${plural(counts.met, 'demand')} met after`, tone: 'good' },
      {
        value: String(counts.missed),
        label: `${plural(counts.missed, 'demand')} missed after`,
        tone: counts.missed > 0 ? 'bad' : '',
      },
      {
        value: `${errors('before')} → ${errors('after')}`,
        label: 'errors predicted',
        tone: errors('after') > 0 ? 'bad' : 'good',
      },
      { value: String(counts.measured), label: `${plural(counts.measured, 'row')} measured`, tone: '' },
      {
        value: String(counts.notMeasured),
        label: `${plural(counts.notMeasured, 'row')} not measured`,
        tone: counts.notMeasured > 0 ? 'warn' : '',
      },
    ],
    warnings: [
      ...(proof.standIns.length > 0
        ? [
            `Measured on stand-ins, not on the public base images: ${proof.standIns.join('; ')}. Sizes and times differ upstream.`,
          ]
        : []),
      ...(counts.assumptions > 0
        ? [`${counts.assumptions === 1 ? 'One value was' : `${counts.assumptions} values were`} assumed.`]
        : []),
    ],
  };
}

function plural(n: number, noun: string): string {
  return n === 1 ? noun : `${noun}s`;
}
