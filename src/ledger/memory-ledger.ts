import type { Digest } from '../repo/repo.ts';
import { digestOf } from './digest.ts';
import type { Ledger, Stored } from './ledger.ts';
import { writeLine } from './line.ts';
import { newMask } from './mask.ts';

/** A ledger that is gone with the process: for tests and for dry runs. `now` gives the time of entries. */
export function memoryLedger(now: () => Date = () => new Date()): Ledger {
  const mask = newMask();
  const entries: Stored[] = [];
  const logs = new Map<Digest, string>();
  return {
    append(entry) {
      const { stored } = writeLine({ ...entry, at: now().toISOString() }, mask);
      entries.push(stored);
      return stored.id;
    },
    putLog(text) {
      const masked = mask(text);
      const digest = digestOf(masked);
      logs.set(digest, masked);
      return digest;
    },
    log: (digest) => logs.get(digest),
    entries: () => entries,
    broken: () => [],
    hide: mask.hide,
    mask,
  };
}
