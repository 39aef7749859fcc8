import { formatPlace } from '../../text/place.ts';
import type { Evidence, Prediction, Proof } from './evidence.ts';

/** Where `check` said that something fails and the engine showed that it does not: Plimsoll was wrong, and the page says so.
 * Only certain predictions of live things count; a hypothetical one waits for the break above it. */
export function contradictions(predictions: readonly Prediction[], results: readonly Evidence[]): Proof['wrong'] {
  const said: { text: string; prediction: Evidence; measurement: Evidence }[] = [];
  for (const { finding, evidence } of predictions) {
    if (
      finding.severity !== 'error' ||
      finding.hypothetical === true ||
      finding.orphan === true ||
      finding.service === undefined
    )
      continue;
    const measure = MEASURE_OF[finding.consequence];
    if (measure === undefined) continue;
    const measured = results.find(
      (r) =>
        r.entry.kind === 'measurement' &&
        r.entry.measure === measure &&
        r.entry.subject.side === evidence.entry.subject.side &&
        r.entry.subject.service === finding.service,
    );
    if (measured?.entry.value !== true) continue;
    said.push({
      text: `check said that ${finding.service} fails (${finding.rule}, ${formatPlace(finding.at)}); the engine shows that it does not.`,
      prediction: evidence,
      measurement: measured,
    });
  }
  return said;
}

/** The yes-or-no measurement that decides a consequence. */
const MEASURE_OF: Readonly<Record<string, string>> = {
  'breaks-build': 'image.builds',
  'dies-at-start': 'service.starts',
  'never-healthy': 'service.healthy',
};
