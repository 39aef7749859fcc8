import { readDuration } from '../text/go-duration.ts';
import { goQuote } from './go-text.ts';

/** Go's `time.ParseDuration` (`1m30s`, `500ms`, `0`), in seconds; or its error. */
export function parseDuration(text: string): { readonly seconds: number } | { readonly error: string } {
  const read = readDuration(text);
  if ('seconds' in read) return read;
  switch (read.fault) {
    case 'invalid':
      return { error: `time: invalid duration ${goQuote(text)}` };
    case 'missing unit':
      return { error: `time: missing unit in duration ${goQuote(text)}` };
    case 'unknown unit':
      return { error: `time: unknown unit ${goQuote(read.unit)} in duration ${goQuote(text)}` };
  }
}
