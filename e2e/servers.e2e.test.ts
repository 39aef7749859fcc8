// The table of servers against containers of those that this engine has an image of.
import { beforeAll, describe, expect, it } from 'vitest';
import { readDataFromFiles } from '../src/repo/data-files.ts';
import { PROVEN } from '../src/servers/proven.ts';
import { serverOf } from '../src/servers/server-of.ts';
import { docker } from './proof-engine.ts';
import { seeServer } from './server-claims.ts';

describe.skipIf(process.env['PLIMSOLL_ENGINE_KIND'] === 'none')('what the table says of a server', () => {
  beforeAll(() => readDataFromFiles());

  it.for(PROVEN)('holds for $image', { timeout: 200_000 }, async ({ image, name, claims }, { skip }) => {
    const pulled = await docker(['pull', '-q', image], process.cwd(), 120);
    // A private engine has stand-ins of some images only. Those of the most usual servers are always there.
    skip(!pulled.ok && !/^(postgres|redis|nginx):/.test(image), `${image} is not to be had here`);
    expect(pulled.ok, pulled.output).toBe(true);
    const server = serverOf(image);
    expect(server?.name).toBe(name);
    if (server === undefined) return;
    const seen = await seeServer(image, server, `plimsoll-server-${process.pid}-${image.replace(/\W+/g, '-')}`);
    const holding = seen.filter((c) => c.holds).map((c) => c.claim);
    const missing = claims.filter((claim) => !holding.includes(claim));
    expect(missing.map((claim) => `${claim}: ${seen.find((c) => c.claim === claim)?.said ?? 'not looked at'}`)).toEqual(
      [],
    );
  });
});
